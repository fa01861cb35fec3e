//! Elements of SVG, with everything that stands in them escaped.

use std::fmt;

/// An element.
#[derive(Debug)]
pub(super) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    inside: Vec<Inside>,
}

#[derive(Debug)]
enum Inside {
    Element(Element),
    Text(String),
}

impl Element {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, attributes: Vec::new(), inside: Vec::new() }
    }

    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.attributes.push((name, value.to_owned()));
        self
    }

    /// An attribute in pixels, to a tenth.
    pub(super) fn with_px(self, name: &'static str, px: f64) -> Self {
        self.with(name, &tenths(px))
    }

    pub(super) fn with_text(mut self, text: &str) -> Self {
        self.inside.push(Inside::Text(text.to_owned()));
        self
    }

    pub(super) fn push(&mut self, element: Self) {
        self.inside.push(Inside::Element(element));
    }

    pub(super) fn with_element(mut self, element: Self) -> Self {
        self.push(element);
        self
    }
}

/// A number to a tenth, as short as it can be written.
pub(super) fn tenths(px: f64) -> String {
    let rounded = (px * 10.0).round() / 10.0;
    // Adding zero turns -0 into 0.
    (rounded + 0.0).to_string()
}

/// A path through points.
pub(super) fn path_of(points: &[[f64; 2]], is_closed: bool) -> String {
    let mut path = String::new();
    for (at, [x, y]) in points.iter().enumerate() {
        path.push(if at == 0 { 'M' } else { 'L' });
        path.push_str(&tenths(*x));
        path.push(' ');
        path.push_str(&tenths(*y));
    }
    if is_closed && !path.is_empty() {
        path.push('Z');
    }
    path
}

fn escaped(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for c in text.chars() {
        match c {
            '&' => f.write_str("&amp;")?,
            '<' => f.write_str("&lt;")?,
            '>' => f.write_str("&gt;")?,
            '"' => f.write_str("&quot;")?,
            // XML has no other control characters.
            '\n' | '\t' => write!(f, "{c}")?,
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => f.write_str("\u{fffd}")?,
            c => write!(f, "{c}")?,
        }
    }
    Ok(())
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}", self.name)?;
        for (name, value) in &self.attributes {
            write!(f, " {name}=\"")?;
            escaped(value, f)?;
            f.write_str("\"")?;
        }
        f.write_str(">")?;
        for inside in &self.inside {
            match inside {
                Inside::Element(element) => write!(f, "{element}")?,
                Inside::Text(text) => escaped(text, f)?,
            }
        }
        write!(f, "</{}>", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_stands_in_it_is_escaped() {
        let text = Element::new("text").with("title", "a\"<&\u{1}").with_text("<script>]]>").to_string();
        assert_eq!(text, "<text title=\"a&quot;&lt;&amp;\u{fffd}\">&lt;script&gt;]]&gt;</text>");
        assert_eq!(path_of(&[[0.04, -0.04], [1.25, 2.0]], true), "M0 0L1.3 2Z");
    }
}
