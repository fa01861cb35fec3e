//! Files in other coordinate reference systems than WGS 84.

#[cfg(not(feature = "proj"))]
mod without_proj {
    use siteband::{Atlas, Crs, Sites};

    #[test]
    fn other_systems_are_refused_with_a_way_out() {
        let error = "EPSG:32652".parse::<Crs>().expect_err("no PROJ").to_string();
        assert!(error.contains("EPSG:32652") && error.contains("the feature 'proj' (docs/PROJ.md)"), "{error}");
        let text = r#"{"type": "FeatureCollection", "features": [],
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32652"}}}"#;
        let atlas = Atlas::from_geojson(text.as_bytes()).expect_err("UTM").to_string();
        let sites = Sites::from_geojson(text.as_bytes()).expect_err("UTM").to_string();
        for error in [atlas, sites] {
            assert!(error.contains("the coordinates are in urn:ogc:def:crs:EPSG::32652"), "{error}");
            assert!(error.contains("the feature 'proj'"), "{error}");
        }
    }
}

#[cfg(feature = "proj")]
mod with_proj {
    use std::fmt::Write;

    use serde_json::{Value, json};
    use siteband::{Atlas, AtlasOptions, Crs, Edges, Position, SiteReader, Sites};

    fn crs(text: &str) -> Crs {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    /// Worked examples of the EPSG (Guidance Note 7-2) and conversions by pyproj 3.7.2 (PROJ 9.5.1), the first number always the eastern
    /// one: whatever order the system's definition has.
    #[test]
    fn published_figures() {
        let dms = |deg: f64, min: f64, sec: f64| deg + min / 60.0 + sec / 3600.0;
        for (system, x, y, lat_deg, lon_deg, tolerance_m) in [
            // EPSG's own examples are printed to centimetres and milliseconds of arc.
            ("EPSG:3857", -11_169_055.58, 2_800_000.00, dms(24.0, 22.0, 54.433), -dms(100.0, 20.0, 0.0), 0.02),
            ("EPSG:32652", 188_301.884_0, 4_394_910.175_5, 39.6472, 125.3675, 1e-3),
            ("EPSG:5179", 817_029.172_1, 2_184_959.191_7, 39.6472, 125.3675, 1e-3),
            ("EPSG:4490", 125.3675, 39.6472, 39.6472, 125.3675, 1e-3),
            // Defined with the northing first.
            ("EPSG:2180", 637_253.161_1, 461_197.242_9, 52.0, 21.0, 1e-3),
            ("EPSG:4326", 125.3675, 39.6472, 39.6472, 125.3675, 1e-6),
            ("EPSG:3031", 1_158_794.740_8, 1_158_794.740_8, -75.0, 45.0, 1e-3),
            // Its numbers grow westward and southward.
            ("EPSG:2053", -50_059.251_3, 2_876_930.325_3, -26.0, 29.5, 1e-3),
            // Either side of the antimeridian.
            ("EPSG:3832", 3_328_452.774_7, 1_111_475.102_9, 10.0, 179.9, 1e-3),
            ("EPSG:3832", 3_350_716.672_9, 1_111_475.102_9, 10.0, -179.9, 1e-3),
            // Another datum, without grids: Great Britain's by seven parameters, which are good to metres.
            ("EPSG:27700", 577_274.99, 69_740.50, 50.500_636_667_5, 0.498_364_144_2, 1e-2),
            ("+proj=utm +zone=52 +datum=WGS84 +type=crs", 188_301.884_0, 4_394_910.175_5, 39.6472, 125.3675, 1e-3),
        ] {
            let found = crs(system).position(x, y).unwrap_or_else(|error| panic!("{error}"));
            let expected = Position::new(lat_deg, lon_deg).expect("in range");
            let off_m = found.distance_to(&expected).m();
            assert!(off_m <= tolerance_m, "{system}: {found}, expected {expected}: {off_m} m");
        }
    }

    #[test]
    fn names_and_kinds() {
        assert_eq!(crs("EPSG:32652").name(), "WGS 84 / UTM zone 52N");
        assert_eq!(crs("EPSG:32652").to_string(), "EPSG:32652 (WGS 84 / UTM zone 52N)");
        assert!(!crs("EPSG:32652").is_geographic() && crs("EPSG:4301").is_geographic());
        for (wrong, reason) in [
            ("EPSG:1", "PROJ says"),
            ("", "PROJ says"),
            ("EPSG:5773", "expected a geographic or projected one"),
            ("+proj=utm +zone=52", "expected a geographic or projected one"),
        ] {
            let error = wrong.parse::<Crs>().expect_err(wrong).to_string();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn numbers_that_do_not_belong_to_the_system() {
        let (utm, web, tokyo) = (crs("EPSG:32652"), crs("EPSG:3857"), crs("EPSG:4301"));
        for (system, x, y, expected) in [
            (&utm, 125.3675, 39.6472, "these look like degrees"),
            (&web, 125.3675, 39.6472, "these look like degrees"),
            (&tokyo, 188_301.0, 4_394_910.0, "these look like metres"),
            (&tokyo, 35.7, 139.7, "the two look swapped"),
            (&utm, 4_394_910.0, 188_301.0, "the two look swapped"),
            (&utm, 188_301.0, -4_394_910.0, "outside of where the system is used"),
            (&tokyo, -100.0, 40.0, "outside of where the system is used"),
            (&utm, f64::NAN, 1.0, "expected two finite numbers"),
            (&utm, f64::INFINITY, 1.0, "expected two finite numbers"),
            (&utm, 1e300, 1e300, "[1"),
        ] {
            let error = system.position(x, y).expect_err(expected);
            assert!(error.contains(expected) && error.contains(system.name()), "{error}");
        }
    }

    /// Forward by PROJ itself: what these tests convert back.
    fn to_utm(position: Position) -> (f64, f64) {
        let proj = proj::Proj::new_known_crs("EPSG:4326", "EPSG:32652", None).expect("known");
        proj.convert((position.lon_deg(), position.lat_deg())).expect("a place")
    }

    fn map_positions(value: &mut Value) {
        let Value::Array(items) = value else { return };
        if let [Value::Number(lon), Value::Number(lat)] = items.as_slice() {
            let at = |number: &serde_json::Number| number.as_f64().expect("a number");
            let (x, y) = to_utm(Position::new(at(lat), at(lon)).expect("a position"));
            *items = vec![json!(x), json!(y)];
        } else {
            items.iter_mut().for_each(map_positions);
        }
    }

    /// A border and a list of sites as UTM: distances are those of the originals.
    #[test]
    fn a_border_and_its_sites() {
        let original = std::fs::read_to_string("data/borders/kp-kr.geojson").expect("shipped");
        let mut utm: Value = serde_json::from_str(&original).expect("JSON");
        map_positions(&mut utm["features"][0]["geometry"]["coordinates"]);
        let border = Atlas::from_geojson(original.as_bytes()).expect("shipped");
        let options = AtlasOptions::default().with_crs(Some(crs("EPSG:32652")));
        let given = Atlas::from_geojson_with(utm.to_string().as_bytes(), &options).expect("UTM");
        // Said by the file itself.
        utm["crs"] = json!({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32652"}});
        let own = Atlas::from_geojson(utm.to_string().as_bytes()).expect("UTM");

        let sites = Sites::from_path("data/sites/dprk-facilities.csv".as_ref()).expect("shipped");
        let (mut table, mut count) = ("id,x,y\n".to_owned(), 0);
        for site in sites.as_slice() {
            if (126.0..132.0).contains(&site.position().lon_deg()) {
                let (x, y) = to_utm(site.position());
                writeln!(table, "{},{x},{y}", site.id()).expect("text");
                count += 1;
            }
        }
        let converted = Sites::from_csv_in(table.as_bytes(), &crs("EPSG:32652")).expect("UTM");
        assert!(converted.rejected().is_empty() && converted.len() == count && count > 10);
        for site in converted.as_slice() {
            let original = sites.get(site.id()).expect("the same").position();
            let expected_m = border.features()[0].nearest(original).distance.m();
            for atlas in [&given, &own] {
                let found_m = atlas.features()[0].nearest(site.position()).distance.m();
                assert!((found_m - expected_m).abs() < 1e-3, "{}: {found_m}, expected {expected_m}", site.id());
            }
        }
    }

    #[test]
    fn files_that_contradict_the_system() {
        let line = |crs: &str| {
            format!(
                r#"{{"type": "FeatureCollection"{crs}, "features": [{{"type": "Feature", "id": "road", "properties": {{}},
                    "geometry": {{"type": "LineString", "coordinates": [[188301, 4394910], [189301, 4394910]]}}}}]}}"#
            )
        };
        let named = |name: &str| format!(r#", "crs": {{"type": "name", "properties": {{"name": "{name}"}}}}"#);
        let read = |text: &str, system: Option<&str>| {
            let options = AtlasOptions::default().with_crs(system.map(crs)).with_edges(Edges::Planar);
            Atlas::from_geojson_with(text.as_bytes(), &options).map_err(|error| error.to_string())
        };
        assert!(read(&line(""), Some("EPSG:32652")).is_ok());
        assert!(read(&line(&named("EPSG:32652")), Some("EPSG:32652")).is_ok());
        for (text, system, expected) in [
            (line(&named("EPSG:5179")), Some("EPSG:32652"), "the file says that its coordinates are in EPSG:5179"),
            (line(&named("urn:ogc:def:crs:OGC:1.3:CRS84")), Some("EPSG:32652"), "CRS84, not in EPSG:32652"),
            (line(&named("EPSG:99999")), None, "the coordinates are in EPSG:99999"),
            (line(""), Some("EPSG:4326"), "feature 'road': [188301, 4394910] in EPSG:4326 (WGS 84)"),
            (line(""), None, "are these metres of a projected system?"),
        ] {
            let error = read(&text, system).expect_err(expected);
            assert!(error.contains(expected), "{error}");
        }
    }

    /// A bad row is rejected with its line and column, and the rest is read.
    #[test]
    fn rows_are_rejected_one_by_one() {
        let table = "id,easting,northing\na,188301.884,4394910.176\nb,125.4,39.6\nc,188301,4394910 m\nd,188301.884,4394910.176\n";
        let sites = Sites::from_csv_in(table.as_bytes(), &crs("EPSG:32652")).expect("a header");
        assert_eq!((sites.len(), sites.rejected().len()), (2, 2));
        let [degrees, text] = sites.rejected() else { panic!("two") };
        assert_eq!((degrees.line, degrees.column.as_str()), (Some(3), "easting"));
        assert!(degrees.reason.contains("these look like degrees"), "{}", degrees.reason);
        assert_eq!((text.line, text.column.as_str()), (Some(4), "northing"));
        for (header, expected) in [
            ("id,lat,lon,x,y", "both the columns 'lat' and 'y' are coordinates"),
            ("id,north", "the column 'lon' is missing"),
        ] {
            let error = SiteReader::new_in(header.as_bytes(), &crs("EPSG:32652")).expect_err(expected).to_string();
            assert!(error.contains(expected), "{error}");
        }
        let points = r#"{"type": "FeatureCollection", "features": [
            {"type": "Feature", "id": "a", "properties": {}, "geometry": {"type": "Point", "coordinates": [188301.884, 4394910.176]}},
            {"type": "Feature", "id": "b", "properties": {}, "geometry": {"type": "Point", "coordinates": [125.4, 39.6]}}]}"#;
        let sites = Sites::from_geojson_in(points.as_bytes(), &crs("EPSG:32652")).expect("GeoJSON");
        assert_eq!((sites.len(), sites.rejected().len()), (1, 1));
        assert!(sites.rejected()[0].reason.contains("these look like degrees"));
    }

    /// Every thread has a PROJ of its own, and all say the same.
    #[test]
    fn threads_agree() {
        let utm = crs("EPSG:32652");
        let expected = utm.position(188_301.0, 4_394_910.0).expect("a place");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| assert_eq!(utm.position(188_301.0, 4_394_910.0), Ok(expected)));
            }
        });
    }
}
