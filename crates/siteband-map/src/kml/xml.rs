//! Elements and text of XML, escaped.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// Writes elements into memory.
pub(super) struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// Starts a document.
    pub(super) fn new() -> io::Result<Self> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Self(writer))
    }

    pub(super) fn open(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::Start(BytesStart::new(name)))
    }

    pub(super) fn open_with(&mut self, name: &str, attribute: &str, value: &str) -> io::Result<()> {
        let value = allowed(value);
        self.0.write_event(Event::Start(BytesStart::new(name).with_attributes([(attribute, value.as_str())])))
    }

    pub(super) fn close(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    /// An element that holds nothing but text.
    pub(super) fn leaf(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.0.create_element(name).write_text_content(BytesText::new(&allowed(text)))?;
        Ok(())
    }

    /// An empty element with one attribute.
    pub(super) fn empty(&mut self, name: &str, attribute: &str, value: &str) -> io::Result<()> {
        self.0.create_element(name).with_attribute((attribute, value)).write_empty()?;
        Ok(())
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let mut bytes = self.0.into_inner();
        bytes.push(b'\n');
        bytes
    }
}

/// Text with U+FFFD for every character that XML 1.0 has no way to write.
pub(super) fn allowed(text: &str) -> String {
    let is_allowed =
        |c: char| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.chars().map(|c| if is_allowed(c) { c } else { '\u{fffd}' }).collect()
}

/// Text for a balloon, in which markup means nothing, nor what Google Earth would replace, such as `$[name]`.
pub(super) fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '$' => escaped.push_str("&#36;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(allowed("a\u{1}\tb\u{ffff}\u{202e}"), "a\u{fffd}\tb\u{fffd}\u{202e}");
        assert_eq!(html("<b>$[name]</b> & \"'"), "&lt;b&gt;&#36;[name]&lt;/b&gt; &amp; &quot;&#39;");
        let mut xml = Xml::new().unwrap();
        xml.open_with("a", "b", "\"<\u{2}").unwrap();
        xml.leaf("c", "]]>&<").unwrap();
        xml.close("a").unwrap();
        let text = String::from_utf8(xml.finish()).unwrap();
        assert!(text.contains("<c>]]&gt;&amp;&lt;</c>"), "{text}");
        assert!(text.contains("<a b=\"&quot;&lt;\u{fffd}\">"), "{text}");
    }
}
