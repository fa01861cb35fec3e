//! Sites from the placemarks of a KML text, or of the KMZ archive around one.
//!
//! The text is read event by event, without recursion: memory is taken for placemarks, not for depth, and no entity but the five of XML
//! stands for anything. A document type, which could define others, is refused.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Seek};

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

use super::header::tags_of;
use super::start::Start;
use super::{Rejected, RowPlace, Site, SitesError};
use crate::length::Length;
use crate::limits::{COLUMNS, ITEM_BYTES, KML_DEPTH, KMZ_BYTES, KMZ_RATIO, LISTED_ROWS};
use crate::position::Position;
use crate::text::other_than_utf8;

type Row = Result<(Site, RowPlace), Rejected>;

/// The placemarks of an archive's text: `doc.kml`, or else the first that ends so.
pub(super) fn archived_rows(reader: impl Read + Seek) -> Result<Vec<Row>, SitesError> {
    let refuse = |what: String| SitesError::new(None, what);
    let unread = |error: zip::result::ZipError| refuse(format!("not a KMZ archive, or a damaged one: {error}"));
    let mut archive = ZipArchive::new(reader).map_err(unread)?;
    let is_text = |name: &[u8]| name.to_ascii_lowercase().ends_with(b".kml");
    let text = archive
        .index_for_name("doc.kml")
        .or_else(|| archive.file_names_raw().position(is_text))
        .ok_or_else(|| refuse("the archive has no .kml in it: expected a KMZ archive with doc.kml".to_owned()))?;
    let text = archive.by_index(text).map_err(unread)?;
    let most = KMZ_BYTES.min((ITEM_BYTES as u64).max(text.compressed_size().saturating_mul(KMZ_RATIO)));
    let name = String::from_utf8_lossy(text.name_raw()).into_owned();
    rows(Capped { reader: text, left: most })
        .map_err(|error| refuse(format!("{name} in the archive: {}", error.reason)))
}

/// Fails where there is more to read than so many bytes.
struct Capped<R> {
    reader: R,
    left: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| {
            std::io::Error::other("it is far larger than the archive, which is no list of places: unpack it to read it")
        })?;
        Ok(count)
    }
}

/// The placemarks of a text.
pub(super) fn rows(reader: impl Read) -> Result<Vec<Row>, SitesError> {
    let mut source = Source { reader: BufReader::with_capacity(1 << 16, Start::of_list(reader)), line: 1, in_one: 0 };
    check_start(source.reader.fill_buf().map_err(|error| SitesError::new(None, error.to_string()))?)?;
    let mut xml = Reader::from_reader(source);
    xml.config_mut().expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut document = Document::default();
    loop {
        buffer.clear();
        xml.get_mut().in_one = 0;
        let event = xml.read_event_into(&mut buffer).map_err(|error| error.to_string());
        let line = xml.get_ref().line;
        let at_line = |reason: String| SitesError::new(None, format!("line {line}: {reason}"));
        // One more says that there are more.
        if document.rows.len() > LISTED_ROWS {
            return Ok(document.rows);
        }
        match event.and_then(|event| document.take(event, line)).map_err(at_line)? {
            Step::Next => {}
            Step::End => return Ok(document.rows),
        }
    }
}

fn check_start(start: &[u8]) -> Result<(), SitesError> {
    let refuse = |reason: &str| Err(SitesError::new(None, reason));
    if start.starts_with(b"PK") {
        return refuse("this is an archive, not a text: expected a file that ends in .kmz");
    }
    match other_than_utf8(start) {
        Some(other) => refuse(&format!("the text is {other}: expected KML in UTF-8")),
        None => Ok(()),
    }
}

/// Counts lines, and fails where one tag or text has too many bytes.
struct Source<R> {
    reader: BufReader<R>,
    line: u64,
    /// How many bytes belong to what is being read.
    in_one: usize,
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let found = self.fill_buf()?;
        let count = found.len().min(buffer.len());
        buffer[..count].copy_from_slice(&found[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Source<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.in_one > ITEM_BYTES {
            return Err(std::io::Error::other(format!("a tag or a text of more than {} MiB", ITEM_BYTES >> 20)));
        }
        self.reader.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.line += self.reader.buffer()[..count].iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        self.in_one += count;
        self.reader.consume(count);
    }
}

enum Step {
    Next,
    End,
}

/// What has been read of a text.
#[derive(Default)]
struct Document {
    /// The names of the elements that are open, without prefixes.
    path: Vec<String>,
    has_root: bool,
    placemark: Option<Placemark>,
    /// How many placemarks and links have been read.
    count: usize,
    rows: Vec<Row>,
}

impl Document {
    /// # Errors
    /// Why nothing behind this can be read.
    fn take(&mut self, event: Event<'_>, line: u64) -> Result<Step, String> {
        match event {
            Event::Start(tag) => self.open(&tag, line)?,
            Event::End(_) => self.close(),
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(reference) => self.reference(&reference),
            Event::DocType(_) => return Err("a document type (<!DOCTYPE …>) is not read: remove it".to_owned()),
            Event::Decl(declaration) => {
                if let Some(Ok(encoding)) = declaration.encoding()
                    && !["utf-8", "utf8", "us-ascii"].contains(&encoding.to_ascii_lowercase().as_str())
                {
                    return Err(format!("the text says that it is in {encoding}: save it as KML in UTF-8"));
                }
            }
            Event::Eof => {
                return match (self.path.last(), self.has_root) {
                    (Some(open), _) => Err(format!("the text ends within <{open}>: expected all of it")),
                    (None, true) => Ok(Step::End),
                    (None, false) => Err("there is no element: expected <kml>".to_owned()),
                };
            }
            Event::Comment(_) | Event::PI(_) | Event::Empty(_) => {}
        }
        Ok(Step::Next)
    }

    fn open(&mut self, tag: &BytesStart<'_>, line: u64) -> Result<(), String> {
        let name = tag.local_name().as_ref().to_owned();
        if self.path.is_empty() {
            if std::mem::replace(&mut self.has_root, true) {
                return Err(format!("<{name}> stands behind the end: expected one <kml>"));
            }
            if !["kml", "Document", "Folder", "Placemark"].contains(&name.as_str()) {
                return Err(format!("the text is <{name}>: expected <kml>"));
            }
        }
        if self.path.len() == KML_DEPTH {
            return Err(format!("<{name}> is within {KML_DEPTH} other elements: expected fewer"));
        }
        if let Some(placemark) = &mut self.placemark {
            placemark.open(&self.path[placemark.depth..], &name, tag);
        } else if name == "Placemark" || name == "NetworkLink" {
            self.count += 1;
            let place = RowPlace::Placemark { number: self.count, line };
            if name == "Placemark" {
                self.placemark = Some(Placemark::new(place, self.path.len() + 1, tag));
            } else {
                let reason = "a link to other places is not followed: add them to this file";
                self.rows.push(Err(place.reject("NetworkLink", "", reason)));
            }
        }
        self.path.push(name);
        Ok(())
    }

    fn close(&mut self) {
        self.path.pop();
        let depth = self.path.len();
        if let Some(placemark) = &mut self.placemark {
            placemark.close(depth);
        }
        if let Some(whole) = self.placemark.take_if(|placemark| depth < placemark.depth) {
            self.rows.push(whole.site());
        }
    }

    fn text(&mut self, text: &str) {
        let Some(placemark) = &mut self.placemark else { return };
        let Some((_, _, value)) = &mut placemark.reading else { return };
        // Comments and references may stand between texts without end.
        if placemark.bytes + text.len() > ITEM_BYTES {
            placemark.fault(
                "",
                "",
                &format!("the placemark has more than {} MiB: expected one point", ITEM_BYTES >> 20),
            );
            return;
        }
        placemark.bytes += text.len();
        value.push_str(text);
    }

    fn reference(&mut self, reference: &BytesRef<'_>) {
        let character = reference.resolve_char_ref().ok().flatten();
        if let Some(character) = character {
            self.text(character.encode_utf8(&mut [0; 4]));
        } else if let Some(known) = resolve_predefined_entity(reference) {
            self.text(known);
        } else if let Some(placemark) = self.placemark.as_mut().filter(|placemark| placemark.reading.is_some()) {
            let name: &str = reference;
            placemark.fault("", &format!("&{name};"), "this stands for nothing: expected text");
        }
    }
}

/// What is read of a placemark.
enum Field {
    Name,
    Coordinates,
    /// Of extended data.
    Property(String),
}

/// A placemark that is being read.
struct Placemark {
    place: RowPlace,
    /// How many elements are open within which its own stand.
    depth: usize,
    id: Option<String>,
    name: Option<String>,
    /// The names of its geometries.
    geometries: Vec<String>,
    coordinates: Option<String>,
    properties: Vec<(String, String)>,
    /// The names of the properties.
    keys: HashSet<String>,
    /// How many bytes have been kept of it.
    bytes: usize,
    /// The name of the `Data` that is open.
    data: String,
    /// What is being read, how many elements are open around it, and what has been read of it.
    reading: Option<(Field, usize, String)>,
    /// The first thing that is wrong.
    fault: Option<Rejected>,
}

/// What a placemark may have for a geometry, `gx:` included.
const GEOMETRIES: [&str; 8] =
    ["Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Model", "Track", "MultiTrack"];

impl Placemark {
    fn new(place: RowPlace, depth: usize, tag: &BytesStart<'_>) -> Self {
        let mut placemark = Self {
            place,
            depth,
            id: None,
            name: None,
            geometries: Vec::new(),
            coordinates: None,
            properties: Vec::new(),
            keys: HashSet::new(),
            bytes: 0,
            data: String::new(),
            reading: None,
            fault: None,
        };
        placemark.id = placemark.attribute(tag, "id");
        placemark
    }

    fn fault(&mut self, column: &str, value: &str, reason: &str) {
        let place = self.place;
        self.fault.get_or_insert_with(|| place.reject(column, value, reason));
    }

    fn attribute(&mut self, tag: &BytesStart<'_>, name: &str) -> Option<String> {
        let found = tag.try_get_attribute(name).map_err(|error| error.to_string()).and_then(|attribute| {
            let value = attribute.map(|attribute| attribute.normalized_value(XmlVersion::Implicit1_0));
            value.transpose().map_err(|error| error.to_string())
        });
        match found {
            Ok(value) => value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()),
            Err(error) => {
                self.fault(name, "", &error);
                None
            }
        }
    }

    /// An element begins within those of `path`, which are within the placemark.
    fn open(&mut self, path: &[String], name: &str, tag: &BytesStart<'_>) {
        let depth = self.depth + path.len();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let field = match (path.as_slice(), name) {
            (_, "Placemark") => {
                self.fault("", "", "a placemark stands within another");
                None
            }
            ([], "name") => Some(Field::Name),
            ([], name) if GEOMETRIES.contains(&name) => {
                // More than two are no better than two.
                if self.geometries.len() < 2 {
                    self.geometries.push(name.to_owned());
                }
                None
            }
            (["Point"], "coordinates") => Some(Field::Coordinates),
            (["ExtendedData"], "Data") => {
                self.data = self.attribute(tag, "name").unwrap_or_default();
                None
            }
            (["ExtendedData", "Data"], "value") => Some(Field::Property(self.data.clone())),
            (["ExtendedData", "SchemaData"], "SimpleData") => {
                Some(Field::Property(self.attribute(tag, "name").unwrap_or_default()))
            }
            (["ExtendedData"], other) if other != "SchemaData" => Some(Field::Property(other.to_owned())),
            _ => None,
        };
        if let Some(field) = field
            && self.reading.is_none()
        {
            self.reading = Some((field, depth, String::new()));
        }
    }

    /// An element has ended, within so many others.
    fn close(&mut self, depth: usize) {
        let Some((field, _, text)) = self.reading.take_if(|(_, of, _)| *of == depth) else { return };
        let text = text.trim();
        match field {
            Field::Name if self.name.is_some() => self.fault("name", text, "the placemark has two names"),
            Field::Name => self.name = Some(text.to_owned()).filter(|name| !name.is_empty()),
            Field::Coordinates if self.coordinates.is_some() => {
                self.fault("coordinates", text, "the point has two coordinates");
            }
            Field::Coordinates => self.coordinates = Some(text.to_owned()),
            Field::Property(key) if self.keys.contains(&key) => self.fault(&key, text, "this property stands twice"),
            Field::Property(_) if self.keys.len() == COLUMNS => {
                self.fault("", "", &format!("the placemark has more than {COLUMNS} properties"));
            }
            Field::Property(key) => {
                self.keys.insert(key.clone());
                self.properties.push((key, text.to_owned()));
            }
        }
    }

    fn site(mut self) -> Row {
        let place = self.place;
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let mut property = |key: &str| {
            let at = self.properties.iter().position(|(known, _)| known.eq_ignore_ascii_case(key))?;
            Some(self.properties.remove(at).1).filter(|text| !text.is_empty())
        };
        let own_id = property("id");
        let [group, tags, prior, uncertainty_m, name] =
            ["group", "tags", "prior", "uncertainty_m", "name"].map(&mut property);
        let name = self.name.or(name);
        let id = self.id.or(own_id).or_else(|| name.clone()).ok_or_else(|| {
            place.reject("id", "", "the placemark has no id: expected an attribute id, a property id, or a name")
        })?;
        match self.geometries.as_slice() {
            [only] if only == "Point" => {}
            [] => return Err(place.reject("geometry", "", "the placemark has no geometry: expected a Point")),
            several => {
                let found = several.join(" and a ");
                return Err(place.reject("geometry", &found, format!("a site is a Point, found a {found}")));
            }
        }
        let position = position(self.coordinates.as_deref().unwrap_or_default())
            .map_err(|reason| place.reject("coordinates", self.coordinates.as_deref().unwrap_or_default(), reason))?;
        let own = match uncertainty_m {
            Some(text) => text.parse().ok().and_then(|m| Length::from_m(m).ok()).ok_or_else(|| {
                let reason = format!("'{text}' is no uncertainty: expected metres, zero or more");
                place.reject("uncertainty_m", &text, reason)
            })?,
            None => Length::ZERO,
        };
        let mut site = Site::new(id, position.with_uncertainty(own));
        if let Some(text) = prior {
            let refuse =
                || place.reject("prior", &text, format!("'{text}' is no prior weight: expected a number above zero"));
            site = site.with_prior(text.parse().map_err(|_| refuse())?).map_err(|_| refuse())?;
        }
        site.name = name;
        site.group = group;
        site.tags = tags.map_or_else(Vec::new, |tags| tags_of(&tags).map(str::to_owned).collect());
        site.other = self.properties;
        Ok((site, place))
    }
}

/// The position of `lon,lat` or `lon,lat,height`, blanks around the commas or not.
fn position(text: &str) -> Result<Position, String> {
    let expected = "expected a longitude, a latitude and perhaps a height, as 125.3675,39.6472,0";
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    if parts.iter().any(|part| part.contains(char::is_whitespace)) {
        return Err(format!("a point is one place: {expected}"));
    }
    let numbers: Option<Vec<f64>> = parts.iter().map(|part| part.parse().ok()).collect();
    match numbers.as_deref() {
        Some([lon_deg, lat_deg] | [lon_deg, lat_deg, _]) => {
            Position::new(*lat_deg, *lon_deg).map_err(|error| format!("{error} (KML has longitude first)"))
        }
        _ => Err(format!("these are no coordinates: {expected}")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Sites;

    fn placemark(id: &str, inside: &str) -> String {
        format!("<Placemark id='{id}'>{inside}</Placemark>")
    }

    fn point(coordinates: &str) -> String {
        format!("<Point><coordinates>{coordinates}</coordinates></Point>")
    }

    fn kml(inside: &str) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\">{inside}</kml>"
        )
    }

    fn read(inside: &str) -> Sites {
        Sites::from_kml(kml(inside).as_bytes()).unwrap_or_else(|error| panic!("{error} in {inside}"))
    }

    fn rejected(inside: &str) -> String {
        let sites = read(inside);
        assert!(sites.is_empty(), "{inside}");
        sites.rejected().first().unwrap_or_else(|| panic!("{inside}")).to_string()
    }

    fn refused(text: &[u8]) -> String {
        Sites::from_kml(text).expect_err("refused").to_string()
    }

    #[test]
    fn placemarks_in_folders() {
        let text = r##"<kml:kml xmlns:kml="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><kml:Document>
            <kml:name>A list</kml:name><kml:Schema id="s"><kml:SimpleField name="note" type="string"/></kml:Schema>
            <kml:Folder><kml:name>Inner</kml:name><kml:Folder>
            <kml:Placemark id="a"><kml:name> Sino-ri &amp; <![CDATA[<nearby>]]> &#xC5; </kml:name>
              <kml:description>Not &nbsp; read</kml:description><gx:balloonVisibility>1</gx:balloonVisibility>
              <kml:Style><kml:IconStyle><kml:Icon><kml:href>x.png</kml:href></kml:Icon></kml:IconStyle></kml:Style>
              <kml:LookAt><kml:longitude>1</kml:longitude><kml:latitude>2</kml:latitude></kml:LookAt>
              <kml:ExtendedData>
                <kml:Data name="tags"><kml:displayName>Tags</kml:displayName><kml:value>missile; base</kml:value></kml:Data>
                <kml:Data name="prior"><kml:value>2.5</kml:value></kml:Data>
                <kml:SchemaData schemaUrl="#s"><kml:SimpleData name="note">seen</kml:SimpleData>
                  <kml:SimpleData name="uncertainty_m">120</kml:SimpleData></kml:SchemaData>
                <group xmlns="urn:x">g</group>
              </kml:ExtendedData>
              <kml:Point><kml:altitudeMode>absolute</kml:altitudeMode><kml:coordinates>
                125.3675 , 39.647222, 12.5
              </kml:coordinates></kml:Point></kml:Placemark></kml:Folder></kml:Folder>
            <kml:Placemark><kml:name>By name</kml:name><kml:Point><kml:coordinates>-0.5,-39</kml:coordinates></kml:Point></kml:Placemark>
            <kml:Placemark><kml:name>Name</kml:name><kml:ExtendedData><kml:Data name="id"><kml:value>own</kml:value></kml:Data>
              </kml:ExtendedData><kml:Point><kml:coordinates>359.5,39</kml:coordinates></kml:Point></kml:Placemark>
            </kml:Document></kml:kml>"##;
        let sites = Sites::from_kml(text.as_bytes()).expect("KML");
        assert_eq!(sites.rejected(), []);
        let [a, by_name, own] = sites.as_slice() else { panic!("{:?}", sites.as_slice()) };
        assert_eq!((a.id(), a.name(), a.group()), ("a", "Sino-ri & <nearby> Å", Some("g")));
        assert_eq!((a.position().lat_deg(), a.position().lon_deg()), (39.647_222, 125.3675));
        assert_eq!((a.tags(), a.prior()), (&["missile".to_owned(), "base".to_owned()][..], 2.5));
        assert_eq!(a.position().uncertainty().m(), 120.0);
        assert_eq!(a.other_columns(), [("note".to_owned(), "seen".to_owned())]);
        assert_eq!((by_name.id(), by_name.position().lat_deg()), ("By name", -39.0));
        assert_eq!((own.id(), own.name(), own.position().lon_deg()), ("own", "Name", -0.5));
    }

    #[test]
    fn what_is_no_site_is_rejected_by_number_and_line() {
        for (inside, says) in [
            ("", "no geometry: expected a Point"),
            ("<LineString><coordinates>1,2 3,4</coordinates></LineString>", "found a LineString"),
            ("<Polygon/>", "found a Polygon"),
            ("<MultiGeometry><Point><coordinates>1,2</coordinates></Point></MultiGeometry>", "found a MultiGeometry"),
            ("<gx:Track><gx:coord>1 2 3</gx:coord></gx:Track>", "found a Track"),
            ("<Point><coordinates>1,2</coordinates></Point><Model/>", "found a Point and a Model"),
            ("<Point/>", "these are no coordinates"),
            (&point(""), "these are no coordinates"),
            (&point("125.3675"), "these are no coordinates"),
            (&point("125.3675;39.6"), "these are no coordinates"),
            (&point("125,39,1,2"), "these are no coordinates"),
            (&point("NaN,39"), "longitude NaN is out of range"),
            (&point("39,inf"), "latitude inf is out of range"),
            (&point("125.4,39.6 125.5,39.7"), "a point is one place"),
            (&point("39.6472,125.3675"), "are latitude and longitude swapped? (KML has longitude first)"),
            ("<Point><coordinates>1,2</coordinates><coordinates>3,4</coordinates></Point>", "two coordinates"),
            ("<name>a</name><name>b</name>", "two names"),
            ("<name>&lol;</name>", "'&lol;': this stands for nothing"),
            ("<Placemark/>", "within another"),
            (
                "<ExtendedData><Data name='x'><value>1</value></Data><Data name='x'/><x>2</x></ExtendedData>",
                "stands twice",
            ),
            (
                "<ExtendedData><Data name='prior'><value>0</value></Data></ExtendedData><Point><coordinates>1,2</coordinates></Point>",
                "prior: '0' is no prior weight",
            ),
            (
                "<ExtendedData><Data name='uncertainty_m'><value>-1</value></Data></ExtendedData><Point><coordinates>1,2</coordinates></Point>",
                "'-1' is no uncertainty",
            ),
        ] {
            let said = rejected(&placemark("x", inside));
            assert!(said.starts_with("line 2, placemark 1: ") && said.contains(says), "{says}: {said}");
        }
        assert!(rejected(&format!("<Placemark>{}</Placemark>", point("1,2"))).contains("the placemark has no id"));
        assert!(rejected("<NetworkLink><Link><href>http://x</href></Link></NetworkLink>").contains("not followed"));
        let sites = read(&format!("{0}\n{0}\n{1}", placemark("one", &point("1,2")), placemark("b", &point("1,2"))));
        assert_eq!(sites.len(), 2);
        assert_eq!(
            sites.rejected()[0].to_string(),
            "line 3, placemark 2: id: 'one': this id is used before, by placemark 1"
        );
    }

    #[test]
    fn texts_that_are_refused() {
        let bomb = "<!DOCTYPE kml [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><kml><Placemark><name>&b;</name></Placemark></kml>";
        let external = "<!DOCTYPE kml [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><kml><Placemark id=\"&x;\"/></kml>";
        let deep = format!("<kml>{}", "<Folder>".repeat(100_000));
        let deep_data = kml(&format!("<Placemark><ExtendedData>{}", "<x>".repeat(100_000)));
        let long = kml(&placemark("a", &format!("<name>{}</name>", "x".repeat(17 << 20))));
        let utf16: Vec<u8> = kml("").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let latin1 = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><kml/>";
        for (text, says) in [
            (&b""[..], "there is no element: expected <kml>"),
            (b"just words", "there is no element"),
            (b"<html></html>", "the text is <html>: expected <kml>"),
            (b"<kml/><kml/>", "stands behind the end"),
            (b"<kml>\n<Placemark>\n", "line 3: the text ends within <Placemark>"),
            (b"<kml>\n<Placemark></Folder></kml>", "line 2: "),
            (b"<kml><Placemark", "line 1: "),
            (b"<kml><name>\xdf</name></kml>", "line 1: "),
            (b"PK\x03\x04", ".kmz"),
            (bomb.as_bytes(), "document type"),
            (external.as_bytes(), "document type"),
            (deep.as_bytes(), "within 100 other elements"),
            (deep_data.as_bytes(), "within 100 other elements"),
            (long.as_bytes(), "more than 16 MiB"),
            (&utf16, "UTF-16"),
            (latin1, "says that it is in ISO-8859-1"),
        ] {
            let said = refused(text);
            assert!(said.contains(says), "{says}: {said}");
        }
    }
}
