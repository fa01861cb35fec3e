//! From text to two angles: tokens, then two groups of tokens, then degrees.

use super::{Axis, ParsePositionError};

/// One coordinate as written: its value, and the size of one step of its last digit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Angle {
    pub(super) degrees: f64,
    pub(super) step_deg: f64,
}

type Result<T> = std::result::Result<T, ParsePositionError>;

fn refuse<T>(axis: Option<Axis>, reason: impl Into<String>) -> Result<T> {
    Err(ParsePositionError::new(axis, reason))
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// The digits with their decimal point, and whether blanks come before.
    Number(String),
    /// 0 degrees, 1 minutes, 2 seconds.
    Mark(usize),
    /// Hemisphere: the axis, and whether it is the negative side.
    Hemisphere(Axis, bool),
    Label(Axis),
    /// `+` or `-` that belongs to the number behind it.
    Sign(bool),
    /// A dash or colon between degrees, minutes and seconds.
    Join,
    /// Comma, semicolon, slash.
    Separator,
}

const DECIMAL_COMMA: &str = "a decimal comma, or a comma between the coordinates? \
     Write decimals with a point, and a blank behind the comma between latitude and longitude";

/// The latitude and longitude that `text` states.
pub(super) fn pair(text: &str) -> Result<(Angle, Angle)> {
    let tokens = tokens(text)?;
    let (first, second) = split(&tokens)?;
    let (first_axis, first) = angle(first)?;
    let (second_axis, second) = angle(second)?;
    match (first_axis, second_axis) {
        (Some(Axis::Longitude), Some(Axis::Latitude)) => Ok((second, first)),
        (Some(axis), Some(other)) if axis == other => refuse(None, format!("found two {axis}s: expected one of each")),
        (Some(axis), None) | (None, Some(axis)) => refuse(None, format!("only the {axis} says its hemisphere")),
        _ => Ok((first, second)),
    }
}

/// The coordinate that one field of a table states.
pub(super) fn field(text: &str, axis: Axis) -> Result<Angle> {
    let with_axis = |error: ParsePositionError| ParsePositionError { axis: Some(axis), ..error };
    let text = text.trim();
    if text.is_empty() {
        return refuse(Some(axis), format!("the {axis} is empty"));
    }
    if let Some((degrees, step_deg)) = number_field(text) {
        return Ok(Angle { degrees, step_deg });
    }
    let tokens = tokens(text).map_err(with_axis)?;
    if tokens.contains(&Token::Separator) {
        return refuse(Some(axis), format!("'{text}': {DECIMAL_COMMA}"));
    }
    match angle(&tokens).map_err(with_axis)? {
        (Some(found), _) if found != axis => {
            let letters = if found == Axis::Longitude { "E or W" } else { "N or S" };
            refuse(Some(axis), format!("'{text}' stands in the field of the {axis} but says {letters}"))
        }
        (_, angle) => Ok(angle),
    }
}

/// The value of a plain or scientific number and one step of its last digit: what a program writes.
pub(crate) fn number_field(text: &str) -> Option<(f64, f64)> {
    if !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E')) {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let exponent: i32 = exponent.parse().ok()?;
    Some((value, 10_f64.powi(exponent.saturating_sub_unsigned(u32::try_from(decimals).ok()?))))
}

fn tokens(text: &str) -> Result<Vec<Token>> {
    let folded: Vec<char> = text.trim().chars().filter_map(fold).collect();
    if folded.is_empty() {
        return refuse(None, "the text is empty: expected a position such as 39.6472 N 125.3675 E");
    }
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = folded.get(at) {
        let next = folded.get(at + 1).copied();
        match c {
            '0'..='9' | '.' => {
                let end = run(&folded, at, |c| c.is_ascii_digit() || c == '.');
                tokens.push(number(&folded[at..end])?);
                at = end;
                continue;
            }
            '°' => tokens.push(Token::Mark(0)),
            '\'' if next == Some('\'') => {
                tokens.push(Token::Mark(2));
                at += 1;
            }
            '\'' => tokens.push(Token::Mark(1)),
            '"' => tokens.push(Token::Mark(2)),
            ',' => {
                let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
                let point_before = matches!(tokens.last(), Some(Token::Number(digits)) if digits.contains('.'));
                if digit(next) && at > 0 && digit(Some(folded[at - 1])) && !point_before {
                    return refuse(None, format!("'{}': {DECIMAL_COMMA}", text.trim()));
                }
                tokens.push(Token::Separator);
            }
            ';' | '/' => tokens.push(Token::Separator),
            ':' | '=' if matches!(tokens.last(), Some(Token::Label(_))) => {}
            ':' => tokens.push(Token::Join),
            '-' | '+' => tokens.push(dash(&folded, at, &tokens)),
            ' ' | '(' | ')' | '[' | ']' => {}
            '?' | '\u{fffd}' => {
                return refuse(
                    None,
                    format!("a character was lost where '{c}' stands, perhaps a degree mark: save the text as UTF-8"),
                );
            }
            // Seconds in "39d38m50s", where an s is no south.
            's' | 'S'
                if matches!(tokens.as_slice(), [.., Token::Mark(1), Token::Number(_)])
                    && at > 0
                    && folded[at - 1] != ' ' =>
            {
                tokens.push(Token::Mark(2));
            }
            _ if c.is_alphabetic() => {
                if let Some((token, length)) = east_asian(&folded[at..]) {
                    tokens.push(token);
                    at += length;
                    continue;
                }
                let end = run(&folded, at, char::is_alphabetic);
                tokens.push(word(&folded[at..end].iter().collect::<String>())?);
                at = end;
                continue;
            }
            _ => return refuse(None, format!("unexpected '{c}' in a position")),
        }
        at += 1;
    }
    // ISO 6709 ends with a slash, and lists end with a comma.
    while tokens.last() == Some(&Token::Separator) {
        tokens.pop();
    }
    Ok(tokens)
}

fn run(chars: &[char], from: usize, belongs: impl Fn(char) -> bool) -> usize {
    chars[from..].iter().position(|&c| !belongs(c)).map_or(chars.len(), |length| from + length)
}

/// Look-alikes become one character each.
fn fold(c: char) -> Option<char> {
    Some(match c {
        '０'..='９'
        | '．'
        | '，'
        | '／'
        | '：'
        | '；'
        | '＝'
        | '＋'
        | '－'
        | '＇'
        | '＂'
        | '（'
        | '）'
        | 'Ａ'..='Ｚ'
        | 'ａ'..='ｚ' => char::from_u32(u32::from(c) - 0xfee0)?,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => '-',
        '∶' => ':',
        '、' => ',',
        'º' | '˚' | '∘' | '⁰' => '°',
        '′' | '’' | '‘' | 'ʹ' | 'ʼ' | '´' | '`' => '\'',
        '″' | '”' | '“' | 'ʺ' | '〃' => '"',
        // A byte order mark and marks of writing direction are no text.
        '\u{feff}' | '\u{200e}' | '\u{200f}' => return None,
        _ if c.is_whitespace() => ' ',
        _ => c,
    })
}

fn number(chars: &[char]) -> Result<Token> {
    let digits: String = chars.iter().collect();
    if digits.matches('.').count() > 1 {
        return refuse(None, format!("'{digits}' has two decimal points"));
    }
    if !digits.bytes().any(|byte| byte.is_ascii_digit()) {
        return refuse(None, "found a point without digits");
    }
    Ok(Token::Number(digits))
}

fn word(word: &str) -> Result<Token> {
    Ok(match word.to_lowercase().as_str() {
        "n" | "north" => Token::Hemisphere(Axis::Latitude, false),
        "s" | "south" => Token::Hemisphere(Axis::Latitude, true),
        "e" | "east" => Token::Hemisphere(Axis::Longitude, false),
        "w" | "west" => Token::Hemisphere(Axis::Longitude, true),
        "lat" | "latitude" => Token::Label(Axis::Latitude),
        "lon" | "long" | "lng" | "longitude" => Token::Label(Axis::Longitude),
        "d" | "deg" | "degree" | "degrees" => Token::Mark(0),
        "m" | "min" | "minute" | "minutes" => Token::Mark(1),
        "sec" | "second" | "seconds" => Token::Mark(2),
        _ => return refuse(None, format!("'{word}' is no part of a position: expected digits, marks, or N, S, E, W")),
    })
}

/// The Korean, Chinese or Japanese word that comes next, and how many characters it has. Nothing parts these words from each
/// other.
fn east_asian(chars: &[char]) -> Option<(Token, usize)> {
    let north = || Token::Hemisphere(Axis::Latitude, false);
    let south = || Token::Hemisphere(Axis::Latitude, true);
    let east = || Token::Hemisphere(Axis::Longitude, false);
    let west = || Token::Hemisphere(Axis::Longitude, true);
    Some(match chars {
        ['북', '위', ..] | ['北', '纬' | '緯', ..] => (north(), 2),
        ['남', '위', ..] | ['南', '纬' | '緯', ..] => (south(), 2),
        ['동', '경', ..] | ['东' | '東', '经' | '経' | '經', ..] => (east(), 2),
        ['서', '경', ..] | ['西', '经' | '経' | '經', ..] => (west(), 2),
        ['위', '도', ..] | ['纬' | '緯', '度', ..] => (Token::Label(Axis::Latitude), 2),
        ['경', '도', ..] | ['经' | '経' | '經', '度', ..] => (Token::Label(Axis::Longitude), 2),
        ['도' | '度', ..] => (Token::Mark(0), 1),
        ['분' | '分', ..] => (Token::Mark(1), 1),
        ['초' | '秒', ..] => (Token::Mark(2), 1),
        _ => return None,
    })
}

/// A dash joins degrees and minutes where it stands behind a number, unless a blank only before it, or a plus sign at the
/// start (ISO 6709), make it a sign.
fn dash(chars: &[char], at: usize, tokens: &[Token]) -> Token {
    let blank = |at: Option<usize>| at.is_none_or(|at| chars.get(at).is_none_or(|&c| c == ' '));
    let after_number = matches!(tokens.last(), Some(Token::Number(_) | Token::Mark(_)));
    let signed_start = matches!(tokens.first(), Some(Token::Sign(_)));
    let sign = !after_number || chars[at] == '+' || signed_start || (blank(at.checked_sub(1)) && !blank(Some(at + 1)));
    if sign { Token::Sign(chars[at] == '-') } else { Token::Join }
}

/// Where the first coordinate ends and the second begins.
fn split(tokens: &[Token]) -> Result<(&[Token], &[Token])> {
    let places = |wanted: fn(&Token) -> bool| -> Vec<usize> {
        tokens.iter().enumerate().filter(|(_, token)| wanted(token)).map(|(at, _)| at).collect()
    };
    let hemispheres = places(|token| matches!(token, Token::Hemisphere(..)));
    let labels = places(|token| matches!(token, Token::Label(_)));
    let separators = places(|token| matches!(token, Token::Separator));
    let numbers = places(|token| matches!(token, Token::Number(_)));
    let degrees = places(|token| matches!(token, Token::Mark(0)));
    let signs = places(|token| matches!(token, Token::Sign(_)));

    let at = match (hemispheres.as_slice(), labels.as_slice()) {
        ([_, _, _, ..], _) => return refuse(None, "found three hemisphere letters or more: expected one position"),
        (_, [first, second]) if *first == 0 => *second,
        ([first, second], _) => {
            if *first == 0 {
                *second
            } else {
                first + 1
            }
        }
        ([_], _)
            if numbers.len() > 1
                && (separators.len() == 1 || (numbers.len() == 2 && !tokens.contains(&Token::Mark(1)))) =>
        {
            let Token::Hemisphere(axis, _) = tokens[hemispheres[0]] else {
                return refuse(None, "found one coordinate only: expected latitude and longitude");
            };
            let (other, letters) = match axis {
                Axis::Latitude => (Axis::Longitude, "E or W"),
                Axis::Longitude => (Axis::Latitude, "N or S"),
            };
            return refuse(Some(other), format!("the {other} has no hemisphere letter: expected {letters}"));
        }
        ([], []) => match (separators.as_slice(), signs.as_slice(), degrees.as_slice(), numbers.as_slice()) {
            ([separator], ..) => *separator,
            ([], [.., sign], _, _) if *sign > 0 => *sign,
            ([], _, [_, degree], _) => degree - 1,
            ([], _, _, [_, second]) if !tokens.contains(&Token::Join) => *second,
            ([], _, _, [_, _, _, ..]) => {
                return refuse(
                    None,
                    "several bare numbers: expected degree marks, hemisphere letters, or a comma between latitude and longitude",
                );
            }
            _ => return refuse(None, "found one coordinate only: expected latitude and longitude"),
        },
        _ => return refuse(None, "found one coordinate only: expected latitude and longitude"),
    };
    let (first, second) = tokens.split_at(at);
    let trim = |group: &'_ [Token]| -> (usize, usize) {
        let start = group.iter().position(|token| *token != Token::Separator).unwrap_or(group.len());
        let end = group.iter().rposition(|token| *token != Token::Separator).map_or(start, |last| last + 1);
        (start, end)
    };
    let ((a, b), (c, d)) = (trim(first), trim(second));
    if a == b || c == d {
        return refuse(None, "found one coordinate only: expected latitude and longitude");
    }
    Ok((&first[a..b], &second[c..d]))
}

/// The angle that one group of tokens states, and its axis where a letter or label says so.
fn angle(tokens: &[Token]) -> Result<(Option<Axis>, Angle)> {
    let mut rest = tokens;
    let mut label = None;
    let mut hemisphere = None;
    let mut sign = None;
    while let [token, tail @ ..] = rest {
        match token {
            Token::Label(axis) if label.is_none() => label = Some(*axis),
            Token::Hemisphere(axis, negative) if hemisphere.is_none() => hemisphere = Some((*axis, *negative)),
            Token::Sign(negative) if sign.is_none() => sign = Some(*negative),
            _ => break,
        }
        rest = tail;
    }
    let (parts, unit, tail) = parts(rest)?;
    match tail {
        [] => {}
        [Token::Hemisphere(axis, negative)] if hemisphere.is_none() => hemisphere = Some((*axis, *negative)),
        _ => {
            return refuse(
                None,
                "something is left after the coordinate: expected latitude and longitude, nothing more",
            );
        }
    }
    if let (Some(label), Some((axis, _))) = (label, hemisphere)
        && label != axis
    {
        return refuse(None, format!("a {label} that says {axis}"));
    }
    if sign.is_some() && hemisphere.is_some() {
        return refuse(None, "found both a sign and a hemisphere letter: which one holds?");
    }
    let axis = hemisphere.map(|(axis, _)| axis).or(label);
    let unpacked = match (parts.as_slice(), hemisphere) {
        ([packed], Some((axis, _))) if unit == 0 => unpack(packed, axis),
        _ => None,
    };
    let parts = unpacked.unwrap_or(parts);
    let angle = degrees(&parts, axis)?;
    let negative = sign.unwrap_or(false) || hemisphere.is_some_and(|(_, negative)| negative);
    Ok((axis, if negative { Angle { degrees: -angle.degrees, ..angle } } else { angle }))
}

/// The numbers of a group in the order degrees, minutes, seconds, the mark of the last, and what is left.
fn parts(tokens: &[Token]) -> Result<(Vec<String>, usize, &[Token])> {
    let mut parts: Vec<String> = Vec::new();
    let mut rest = tokens;
    let mut unit = 0;
    while let [Token::Number(digits), tail @ ..] = rest {
        if parts.len() == 3 {
            return refuse(None, "more than degrees, minutes and seconds in one coordinate");
        }
        unit = parts.len();
        parts.push(digits.clone());
        rest = tail;
        if let [Token::Mark(mark), tail @ ..] = rest {
            if *mark != unit {
                return refuse(None, "expected degrees, minutes and seconds in this order, each with its mark");
            }
            rest = tail;
        }
        if let [Token::Join, tail @ ..] = rest {
            rest = tail;
        }
    }
    if parts.is_empty() {
        return refuse(None, "found no digits in a coordinate");
    }
    Ok((parts, unit, rest))
}

/// Packed digits, as in `393850N`: two digits each of minutes and seconds behind two or three of degrees.
fn unpack(packed: &str, axis: Axis) -> Option<Vec<String>> {
    let whole = packed.split('.').next()?.len();
    let degrees = if axis == Axis::Latitude { 2 } else { 3 };
    match whole.checked_sub(degrees)? {
        2 => Some(vec![packed[..degrees].to_owned(), packed[degrees..].to_owned()]),
        4 => Some(vec![
            packed[..degrees].to_owned(),
            packed[degrees..degrees + 2].to_owned(),
            packed[degrees + 2..].to_owned(),
        ]),
        _ => None,
    }
}

fn degrees(parts: &[String], axis: Option<Axis>) -> Result<Angle> {
    const NAMES: [&str; 3] = ["degrees", "minutes", "seconds"];
    let mut angle = Angle { degrees: 0.0, step_deg: 1.0 };
    let mut unit_deg = 1.0;
    for (at, (part, name)) in parts.iter().zip(NAMES).enumerate() {
        if part.contains('.') && at + 1 < parts.len() {
            return refuse(axis, format!("'{part}' {name} with more behind it: only the last part may have decimals"));
        }
        let Ok(value) = part.parse::<f64>() else {
            return refuse(axis, format!("'{part}' is not a number"));
        };
        if at > 0 && value >= 60.0 {
            return refuse(axis, format!("{name} {part} are out of range: expected less than 60"));
        }
        angle.degrees += value * unit_deg;
        let decimals = part.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        angle.step_deg = unit_deg * 10_f64.powi(-i32::try_from(decimals).unwrap_or(i32::MAX));
        unit_deg /= 60.0;
    }
    Ok(angle)
}
