//! A source file with every fault in it, each of which a number switches on.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::ops::Range;

use crate::find::{Kind, Place};

/// A fault's number is that of its place with its own behind.
pub const FAULTS: usize = 8;

/// Writes a file anew. `first` is the number of its first place; faults and places that do not compile are left out.
pub fn insert(source: &str, places: &[Place], first: usize, left_out: &BTreeSet<usize>, switch: &str) -> String {
    let mut order: Vec<usize> = (0..places.len()).collect();
    // The outer before the inner.
    order.sort_by_key(|at| (places[*at].range.start, std::cmp::Reverse(places[*at].range.end), *at));
    let writer = Writer { source, places, order, first, left_out, switch };
    // What is in every caller would be optimised in each for hours.
    writer.text(0..source.len(), 0).replace("#[inline(always)]", "")
}

struct Writer<'a> {
    source: &'a str,
    places: &'a [Place],
    order: Vec<usize>,
    first: usize,
    left_out: &'a BTreeSet<usize>,
    switch: &'a str,
}

impl Writer<'_> {
    /// A piece of the source with the places in it, which are behind the first so many of the order.
    fn text(&self, range: Range<usize>, mut next: usize) -> String {
        let (mut text, mut at) = (String::new(), range.start);
        while let Some(place) = self.order.get(next).map(|place| &self.places[*place]) {
            if place.range.start >= range.end {
                break;
            }
            let inside = place.range.start >= at && place.range.end <= range.end;
            next += 1;
            if !inside {
                continue;
            }
            text.push_str(&self.source[at..place.range.start]);
            text.push_str(&self.place(next - 1));
            at = place.range.end;
        }
        text.push_str(&self.source[at..range.end]);
        text
    }

    fn place(&self, ordered: usize) -> String {
        let place = &self.places[self.order[ordered]];
        let number = (self.first + self.order[ordered]) * FAULTS;
        let part = |range: &Range<usize>| self.text(range.clone(), ordered + 1);
        let faults: Vec<_> = place
            .faults
            .iter()
            .enumerate()
            .map(|(at, fault)| (number + at + 1, fault))
            .filter(|(fault, _)| !self.left_out.contains(fault))
            .collect();
        if faults.is_empty() || self.left_out.contains(&number) {
            return self.text(place.range.clone(), ordered + 1);
        }
        let on = format!("{}({number})", self.switch);
        let arms = |arm: &dyn Fn(&str) -> String| {
            faults.iter().fold(String::new(), |mut text, (fault, what)| {
                let _ = write!(text, "{fault}=>/*<{fault}*/{}/*{fault}>*/,", arm(what));
                text
            })
        };
        let was = &place.was;
        let inner = match &place.kind {
            Kind::Body => format!("match {on}{{{}_=>{{}}}}", arms(&|value| format!("return {value}"))),
            Kind::Arithmetic(left, right) => format!(
                "({{let l_=({});let r_=({});match {on}{{{}_=>l_{was}r_}}}})",
                part(left),
                part(right),
                arms(&|operator| format!("l_{operator}r_")),
            ),
            Kind::Comparison(left, right) => format!(
                "(match (&({}),&({})){{(l_,r_)=>match {on}{{{}_=>*l_{was}*r_}}}})",
                part(left),
                part(right),
                arms(&|operator| format!("*l_{operator}*r_")),
            ),
            Kind::Logic(left, right) => {
                let right = part(right);
                format!(
                    "({{let l_:bool=({});match {on}{{{}_=>l_{was}({right})}}}})",
                    part(left),
                    arms(&|operator| format!("l_{operator}({right})"))
                )
            }
            Kind::Assignment(left, right) => {
                let left = part(left);
                format!(
                    "{{let r_=({});match {on}{{{}_=>{left}{was}r_}}}}",
                    part(right),
                    arms(&|operator| format!("{left}{operator}r_"))
                )
            }
            Kind::Unary(inner) => {
                format!("({{let v_=({});match {on}{{{}_=>{was}v_}}}})", part(inner), arms(&|_| "v_".to_owned()))
            }
            Kind::Arm(Some(guard)) => {
                let guard = part(guard);
                format!("(match {on}{{{}_=>({guard})}})", arms(&|value| value.to_owned()))
            }
            Kind::Arm(None) => {
                let numbers: Vec<_> = faults.iter().map(|(fault, _)| fault.to_string()).collect();
                format!(" if !matches!({on},{})", numbers.join("|"))
            }
        };
        format!("/*[{number}*/{inner}/*{number}]*/")
    }
}

/// The faults and places that stand where a compiler found something wrong: the innermost of each.
pub fn at_fault(text: &str, wrong: &Range<usize>) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    for (open, close) in [("/*<", ">*/"), ("/*[", "]*/")] {
        for (start, _) in text.match_indices(open) {
            if start > wrong.start {
                break;
            }
            let digits: String = text[start + 3..].chars().take_while(char::is_ascii_digit).collect();
            let Some(length) = text[start..].find(&format!("/*{digits}{close}")) else { continue };
            if start + length >= wrong.end && best.is_none_or(|(_, shortest)| length < shortest) {
                best = digits.parse().ok().map(|number| (number, length));
            }
        }
    }
    best.map(|(number, _)| number)
}
