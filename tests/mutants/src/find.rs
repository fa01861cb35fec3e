//! The places of a source file where a fault could be, and the faults: those that `cargo-mutants` knows.

use std::ops::Range;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, ReturnType, Type, UnOp};

/// A place in the code, and what could stand there instead.
#[derive(Debug)]
pub struct Place {
    pub range: Range<usize>,
    pub kind: Kind,
    pub function: String,
    pub line: usize,
    /// What stands there, and each fault.
    pub was: String,
    pub faults: Vec<String>,
}

#[derive(Debug)]
pub enum Kind {
    /// The beginning of a function's body; a fault is what it returns at once.
    Body,
    /// Two operands, evaluated once each.
    Arithmetic(Range<usize>, Range<usize>),
    /// Two operands that are compared.
    Comparison(Range<usize>, Range<usize>),
    /// Two operands, of which the second may not be evaluated.
    Logic(Range<usize>, Range<usize>),
    /// A place and an operand.
    Assignment(Range<usize>, Range<usize>),
    /// What a sign or a negation stands before.
    Unary(Range<usize>),
    /// The condition of an arm of a match, which there may not be: never true, or always.
    Arm(Option<Range<usize>>),
}

/// Every place of a file.
pub fn places(source: &str) -> syn::Result<Vec<Place>> {
    let file = syn::parse_file(source)?;
    let mut finder = Finder { lines: starts(source), source, functions: Vec::new(), found: Vec::new() };
    finder.visit_file(&file);
    Ok(finder.found)
}

fn starts(source: &str) -> Vec<usize> {
    std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

struct Finder<'a> {
    source: &'a str,
    lines: Vec<usize>,
    functions: Vec<String>,
    found: Vec<Place>,
}

impl Finder<'_> {
    fn offset(&self, at: proc_macro2::LineColumn) -> usize {
        let start = self.lines[at.line - 1];
        let line = &self.source[start..];
        start + line.char_indices().nth(at.column).map_or(line.len(), |(byte, _)| byte)
    }

    fn range(&self, spanned: &impl Spanned) -> Range<usize> {
        let span: Span = spanned.span();
        self.offset(span.start())..self.offset(span.end())
    }

    fn add(&mut self, range: Range<usize>, kind: Kind, was: &str, faults: Vec<String>) {
        if faults.is_empty() {
            return;
        }
        let line = self.lines.partition_point(|start| *start <= range.start);
        let function = self.functions.join("::");
        self.found.push(Place { range, kind, function, line, was: was.to_owned(), faults });
    }

    fn function(&mut self, signature: &syn::Signature, block: &syn::Block, attributes: &[syn::Attribute]) {
        if signature.constness.is_some() || is_test(attributes) {
            return;
        }
        self.functions.push(signature.ident.to_string());
        if !block.stmts.is_empty() {
            let at = self.range(&block).start + 1;
            let faults = match &signature.output {
                ReturnType::Default => vec!["()".to_owned()],
                ReturnType::Type(_, returned) => values(returned),
            };
            self.add(at..at, Kind::Body, "the body", faults);
        }
        visit::visit_block(self, block);
        self.functions.pop();
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || (attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Ident>().is_ok_and(|word| word == "test"))
    })
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_type(&mut self, _: &'ast Type) {}
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
    fn visit_pat(&mut self, _: &'ast syn::Pat) {}
    fn visit_generics(&mut self, _: &'ast syn::Generics) {}

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, &item.block, &item.attrs);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let of = item.trait_.as_ref().and_then(|(_, path, _)| path.segments.last());
        if is_test(&item.attrs) || of.is_some_and(|name| name.ident == "Debug" || name.ident == "Default") {
            return;
        }
        let range = self.range(&item.self_ty);
        self.functions.push(self.source[range].to_owned());
        visit::visit_item_impl(self, item);
        self.functions.pop();
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, &item.block, &item.attrs);
    }

    fn visit_expr_const(&mut self, _: &'ast syn::ExprConst) {}

    fn visit_expr_repeat(&mut self, repeat: &'ast syn::ExprRepeat) {
        self.visit_expr(&repeat.expr);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        visit::visit_expr_binary(self, binary);
        let (left, right) = (self.range(&binary.left), self.range(&binary.right));
        let (kind, was, faults): (fn(_, _) -> Kind, &str, &[&str]) = match binary.op {
            BinOp::Add(_) => (Kind::Arithmetic, "+", &["-", "*"]),
            BinOp::Sub(_) => (Kind::Arithmetic, "-", &["+", "/"]),
            BinOp::Mul(_) => (Kind::Arithmetic, "*", &["+", "/"]),
            BinOp::Div(_) => (Kind::Arithmetic, "/", &["%", "*"]),
            BinOp::Rem(_) => (Kind::Arithmetic, "%", &["/", "+"]),
            BinOp::Shl(_) => (Kind::Arithmetic, "<<", &[">>"]),
            BinOp::Shr(_) => (Kind::Arithmetic, ">>", &["<<"]),
            BinOp::BitAnd(_) => (Kind::Arithmetic, "&", &["|", "^"]),
            BinOp::BitOr(_) => (Kind::Arithmetic, "|", &["&", "^"]),
            BinOp::BitXor(_) => (Kind::Arithmetic, "^", &["|", "&"]),
            BinOp::Eq(_) => (Kind::Comparison, "==", &["!="]),
            BinOp::Ne(_) => (Kind::Comparison, "!=", &["=="]),
            BinOp::Lt(_) => (Kind::Comparison, "<", &["==", ">", "<="]),
            BinOp::Gt(_) => (Kind::Comparison, ">", &["==", "<", ">="]),
            BinOp::Le(_) => (Kind::Comparison, "<=", &[">"]),
            BinOp::Ge(_) => (Kind::Comparison, ">=", &["<"]),
            BinOp::And(_) if !chained(binary) => (Kind::Logic, "&&", &["||"]),
            BinOp::Or(_) => (Kind::Logic, "||", &["&&"]),
            BinOp::AddAssign(_) => (Kind::Assignment, "+=", &["-=", "*="]),
            BinOp::SubAssign(_) => (Kind::Assignment, "-=", &["+=", "/="]),
            BinOp::MulAssign(_) => (Kind::Assignment, "*=", &["+=", "/="]),
            BinOp::DivAssign(_) => (Kind::Assignment, "/=", &["*=", "%="]),
            BinOp::ShlAssign(_) => (Kind::Assignment, "<<=", &[">>="]),
            BinOp::ShrAssign(_) => (Kind::Assignment, ">>=", &["<<="]),
            BinOp::BitAndAssign(_) => (Kind::Assignment, "&=", &["|=", "^="]),
            BinOp::BitOrAssign(_) => (Kind::Assignment, "|=", &["&=", "^="]),
            BinOp::BitXorAssign(_) => (Kind::Assignment, "^=", &["|=", "&="]),
            _ => return,
        };
        let faults = faults.iter().map(|fault| (*fault).to_owned()).collect();
        self.add(left.start..right.end, kind(left, right), was, faults);
    }

    fn visit_expr_unary(&mut self, unary: &'ast syn::ExprUnary) {
        visit::visit_expr_unary(self, unary);
        let was = match unary.op {
            UnOp::Not(_) => "!",
            UnOp::Neg(_) => "-",
            _ => return,
        };
        let (whole, inner) = (self.range(unary), self.range(&unary.expr));
        self.add(whole, Kind::Unary(inner), was, vec![String::new()]);
    }

    fn visit_expr_match(&mut self, matched: &'ast syn::ExprMatch) {
        let any = matched.arms.iter().any(|arm| matches!(arm.pat, syn::Pat::Wild(_)) && arm.guard.is_none());
        for arm in &matched.arms {
            let mut faults = Vec::new();
            if any && !matches!(arm.pat, syn::Pat::Wild(_)) {
                faults.push("false".to_owned());
            }
            match &arm.guard {
                Some((_, guard)) if !matches!(**guard, Expr::Let(_)) && !is_chain(guard) => {
                    faults = vec!["false".to_owned(), "true".to_owned()];
                    let range = self.range(guard);
                    self.add(range.clone(), Kind::Arm(Some(range)), "the condition of an arm", faults);
                }
                Some(_) => {}
                None => {
                    let end = self.range(&arm.pat).end;
                    self.add(end..end, Kind::Arm(None), "an arm", faults);
                }
            }
        }
        visit::visit_expr_match(self, matched);
    }
}

/// Whether an `&&` joins a `let`, which only the syntax of conditions may.
fn chained(binary: &syn::ExprBinary) -> bool {
    [&binary.left, &binary.right].into_iter().any(|side| matches!(**side, Expr::Let(_)) || is_chain(side))
}

fn is_chain(expression: &Expr) -> bool {
    matches!(expression, Expr::Binary(binary) if matches!(binary.op, BinOp::And(_)) && chained(binary))
}

/// Values of a type, none of which is likely to be right.
fn values(of: &Type) -> Vec<String> {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    match of {
        Type::Tuple(tuple) if tuple.elems.is_empty() => owned(&["()"]),
        Type::Tuple(tuple) => {
            let parts: Vec<_> = tuple.elems.iter().map(values).collect();
            let most = parts.iter().map(Vec::len).max().unwrap_or(0);
            (0..most)
                .filter_map(|at| {
                    let each: Option<Vec<_>> =
                        parts.iter().map(|part| part.get(at.min(part.len().checked_sub(1)?)).cloned()).collect();
                    Some(format!("({},)", each?.join(", ")))
                })
                .collect()
        }
        Type::Array(array) => {
            let length = &array.len;
            let length = match length {
                Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(number), .. }) => number.to_string(),
                Expr::Path(path) => {
                    path.path.segments.iter().map(|s| s.ident.to_string()).collect::<Vec<_>>().join("::")
                }
                _ => return Vec::new(),
            };
            values(&array.elem).iter().map(|value| format!("[{value}; {length}]")).collect()
        }
        Type::Reference(reference) => match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => owned(&["\"\"", "\"xyzzy\""]),
            Type::Slice(_) if reference.mutability.is_none() => owned(&["&[]"]),
            _ => Vec::new(),
        },
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return Vec::new() };
            let inner = match &last.arguments {
                syn::PathArguments::AngleBracketed(given) => given.args.iter().find_map(|argument| match argument {
                    syn::GenericArgument::Type(inner) => Some(values(inner)),
                    _ => None,
                }),
                _ => None,
            };
            let inner = inner.unwrap_or_else(|| owned(&["Default::default()"]));
            match last.ident.to_string().as_str() {
                "bool" => owned(&["true", "false"]),
                "f64" | "f32" => owned(&["0.0", "1.0", "-1.0"]),
                "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => owned(&["0", "1"]),
                "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => owned(&["0", "1", "-1"]),
                "String" => owned(&["String::new()", "\"xyzzy\".into()"]),
                "Option" => std::iter::once("None".to_owned())
                    .chain(inner.iter().map(|value| format!("Some({value})")))
                    .collect(),
                "Result" => inner.iter().map(|value| format!("Ok({value})")).collect(),
                "Vec" => std::iter::once("vec![]".to_owned())
                    .chain(inner.iter().map(|value| format!("vec![{value}]")))
                    .collect(),
                _ => owned(&["Default::default()"]),
            }
        }
        _ => Vec::new(),
    }
}
