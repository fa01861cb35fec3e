//! Files in other coordinate reference systems than WGS 84.

#[cfg(not(feature = "proj"))]
mod without_proj {
    use siteband::{Atlas, Crs, Sites};

    /// WGS 84 is a system as any other, by whichever name.
    #[test]
    fn lists_in_wgs_84_may_say_so() {
        let point = r#"{"type": "Feature", "id": "a", "properties": {}, "geometry": {"type": "Point", "coordinates": [125.4, 39.6]}}"#;
        for name in ["EPSG:4326", "OGC:CRS84"] {
            let crs: Crs = name.parse().expect("WGS 84");
            let expected = Sites::from_geojson(point.as_bytes()).expect("a point");
            assert_eq!(expected.len(), 1);
            for sites in [
                Sites::from_geojson_in(point.as_bytes(), &crs),
                Sites::from_geojson_sequence_in(point.as_bytes(), &crs),
            ] {
                assert_eq!(sites.expect("a point").as_slice(), expected.as_slice(), "{name}");
            }
        }
    }

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
    use siteband::{Atlas, AtlasOptions, Crs, Edges, Position, Scenario, SiteReader, Sites};

    fn crs(text: &str) -> Crs {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    /// The first number is always the eastern one, whatever order the system's definition has.
    fn check(figures: &[(&str, f64, f64, f64, f64, f64)]) {
        for &(system, x, y, lat_deg, lon_deg, tolerance_m) in figures {
            let found = crs(system).position(x, y).unwrap_or_else(|error| panic!("{error}"));
            let expected = Position::new(lat_deg, lon_deg).expect("in range");
            let off_m = found.distance_to(&expected).m();
            assert!(off_m <= tolerance_m, "{system}: {found}, expected {expected}: {off_m} m");
        }
    }

    /// Worked examples of the EPSG (Guidance Note 7-2), one for each kind of projection; they are printed to centimetres and to milliseconds
    /// of arc. Where the datum changes, it does so here by the formulas of the same note, worked out apart from PROJ.
    #[test]
    fn published_examples() {
        let dms = |deg: f64, min: f64, sec: f64| deg + min / 60.0 + sec / 3600.0;
        check(&[
            // Popular Visualisation Pseudo-Mercator.
            ("EPSG:3857", -11_169_055.58, 2_800_000.00, dms(24.0, 22.0, 54.433), -dms(100.0, 20.0, 0.0), 0.02),
            // Polar stereographic, variants A and B.
            ("EPSG:5041", 3_320_416.75, 632_668.43, 73.0, 44.0, 0.01),
            ("EPSG:3032", 7_255_380.79, 7_053_389.56, -75.0, 120.0, 0.01),
            // Lambert azimuthal equal area; its definition has the northing first.
            ("EPSG:3035", 3_962_799.45, 2_999_718.85, 50.0, 5.0, 0.01),
            // Transverse Mercator for the south: its numbers grow westward and southward.
            ("EPSG:2053", 71_984.49, 2_847_342.74, -dms(25.0, 43.0, 55.302), dms(28.0, 16.0, 57.479), 0.02),
            // Colombia Urban.
            ("EPSG:6247", 80_859.033, 122_543.174, 4.8, -74.25, 0.01),
            // Albers equal area.
            ("EPSG:3174", 1_466_493.492, 702_903.006, 42.75, -78.75, 0.01),
            // Transverse Mercator: 50.5° N 0.5° E in OSGB36, by seven parameters (EPSG:1314).
            ("EPSG:27700", 577_274.99, 69_740.50, 50.500_636_599_9, 0.498_364_053_4, 0.02),
            // Lambert conic with two parallels, in US feet: 28.5° N 96° W in NAD27, by three parameters (EPSG:1175).
            ("EPSG:32040", 2_963_503.91, 254_759.80, 28.500_267_824_3, -96.000_251_025_4, 0.01),
        ]);
    }

    /// Karney's exact transverse Mercator (`TransverseMercatorProj` of GeographicLib 2.1.2), far outside of the zone too.
    #[test]
    fn utm_by_karney() {
        check(&[
            ("EPSG:32652", 188_301.884_020, 4_394_910.175_536, 39.6472, 125.3675, 1e-5),
            ("EPSG:32652", 99_321.044_804, 4_605_399.289_026, 41.5, 124.2, 1e-5),
            ("EPSG:32652", 638_565.652_159, 4_762_216.969_067, 43.0, 130.7, 1e-5),
            ("EPSG:32652", 1_213_820.578_937, 1_112_466.141_172, 10.0, 135.5, 1e-5),
            ("EPSG:32652", 721_913.265_813, -497_699.439_683, -4.5, 131.0, 1e-5),
            ("+proj=utm +zone=52 +datum=WGS84 +type=crs", 188_301.884_020, 4_394_910.175_536, 39.6472, 125.3675, 1e-5),
        ]);
    }

    /// Conversions by pyproj 3.7.2 (PROJ 9.5.1).
    #[test]
    fn figures_by_pyproj() {
        check(&[
            ("EPSG:5179", 817_029.172_1, 2_184_959.191_7, 39.6472, 125.3675, 1e-3),
            ("EPSG:4490", 125.3675, 39.6472, 39.6472, 125.3675, 1e-6),
            // Defined with the northing first.
            ("EPSG:2180", 637_253.161_1, 461_197.242_9, 52.0, 21.0, 1e-3),
            ("EPSG:3031", 1_158_794.740_8, 1_158_794.740_8, -75.0, 45.0, 1e-3),
            // Either side of the antimeridian.
            ("EPSG:3832", 3_328_452.774_7, 1_111_475.102_9, 10.0, 179.9, 1e-3),
            ("EPSG:3832", 3_350_716.672_9, 1_111_475.102_9, 10.0, -179.9, 1e-3),
            // Grads from the meridian of Paris.
            ("EPSG:4807", 2.0, 54.0, 48.599_942_923_1, 4.136_582_129_6, 1e-3),
            // With heights.
            ("EPSG:7415", 100_000.0, 450_000.0, 52.035_600_763_5, 4.585_646_545_0, 1e-3),
        ]);
    }

    /// WGS 84 by any of its names is taken as it stands.
    #[test]
    fn wgs84_is_itself() {
        for name in ["EPSG:4326", "epsg:4326", "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4979", "WGS84"] {
            let found = crs(name).position(125.3675, 39.6472);
            assert_eq!(found, Ok(Position::new(39.6472, 125.3675).expect("a position")), "{name}");
        }
        assert!(crs("EPSG:4326").position(39.0, 125.0).expect_err("swapped").to_string().contains("swapped"));
        assert!("EPSG:14326".parse::<Crs>().is_err());
    }

    /// What PROJ says of a change of datum becomes uncertainty, beside what the digits leave open.
    #[test]
    fn datum_and_digits_are_uncertain() {
        for (system, x, y, expected_m) in [
            ("EPSG:32652", 188_301.9, 4_394_910.2, 0.0),
            // Korea 2000 (EPSG:1690... KGD2002 to WGS 84) to 1 m, Tokyo in Korea to 9 m, by the EPSG.
            ("EPSG:5179", 817_029.0, 2_184_959.0, 1.0),
            ("EPSG:4301", 139.7, 35.7, 9.0),
            // No operation at all, but the ellipsoid of the Earth's centre.
            ("EPSG:4490", 125.0, 39.0, 5.0),
            ("+proj=utm +zone=52 +ellps=GRS80 +type=crs", 188_301.9, 4_394_910.2, 5.0),
            // Parameters that the definition gives are taken at their word.
            ("+proj=longlat +ellps=bessel +towgs84=-146.414,507.337,680.507 +type=crs", 139.7, 35.7, 0.0),
        ] {
            let found = crs(system).position(x, y).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(found.uncertainty().m(), expected_m, "{system}");
        }
        let uncertainty_m = |table: &str, system: &str| {
            let sites = Sites::from_csv_in(table.as_bytes(), &crs(system)).expect("a table");
            sites.as_slice()[0].position().uncertainty().m()
        };
        // Half the diagonal of a square of a metre, and of ten centimetres.
        let metres = uncertainty_m("id,x,y\na,188301,4394910\n", "EPSG:32652");
        let decimetres = uncertainty_m("id,x,y\na,188301.9,4394910.2\n", "EPSG:32652");
        assert!((metres - 0.5_f64.sqrt()).abs() < 1e-12 && (decimetres - 0.005_f64.sqrt()).abs() < 1e-12);
        // A US foot is 1200/3937 m; NAD27 there is known to 7 m, by the EPSG.
        let feet = uncertainty_m("id,x,y\na,2963504,254760\n", "EPSG:32040");
        assert!((feet - 7.0_f64.hypot(0.5_f64.sqrt() * 1200.0 / 3937.0)).abs() < 1e-9, "{feet}");
        let own = uncertainty_m("id,x,y,uncertainty_m\na,139.7,35.7,40\n", "EPSG:4301");
        assert!((own - 41.0).abs() < 1e-9, "{own}");
        let line = |properties: &str| {
            format!(
                r#"{{"type": "Feature", "id": "road", "properties": {{{properties}}},
                    "geometry": {{"type": "LineString", "coordinates": [[139.7, 35.7], [139.8, 35.7]]}}}}"#
            )
        };
        for (properties, expected_m) in [("", 9.0), (r#""position_uncertainty_m": 40"#, 41.0)] {
            let options = AtlasOptions::default().with_crs(Some(crs("EPSG:4301")));
            let atlas = Atlas::from_geojson_with(line(properties).as_bytes(), &options).expect("a line");
            assert!((atlas.features()[0].position_uncertainty().m() - expected_m).abs() < 1e-9);
        }
    }

    #[test]
    fn names_and_kinds() {
        assert_eq!(crs("EPSG:32652").name(), "WGS 84 / UTM zone 52N");
        assert_eq!(crs("EPSG:32652").to_string(), "EPSG:32652 (WGS 84 / UTM zone 52N)");
        // As files beside shapefiles have it; errors do not repeat it.
        let prj = proj::Proj::new("EPSG:32652").expect("known").as_wkt(Some(proj::wkt::WktVersion::Wkt1_Esri), None);
        let esri = crs(&prj.expect("as WKT"));
        assert_eq!(esri.to_string(), esri.name());
        assert!((esri.position(500_000.0, 4e6).expect("a place").lon_deg() - 129.0).abs() < 1e-9);
        assert_eq!(esri.position(500_000.0, 4e6).expect("a place").uncertainty().m(), 0.0);
        assert!(!crs("EPSG:32652").is_geographic() && crs("EPSG:4301").is_geographic());
        for (wrong, reason) in [
            ("EPSG:1", "PROJ says: there is no such system; expected something like EPSG:32652"),
            ("", "PROJ says"),
            ("EPSG:5773", "expected a geographic or projected one"),
            ("EPSG:4978", "expected a geographic or projected one"),
            // PROJ 9.6 is wrong by 23 km at 72° N (its issue 4654).
            ("EPSG:4087", "computes Equidistant Cylindrical on a sphere"),
            ("+proj=eqc +datum=WGS84 +type=crs", "computes Equidistant Cylindrical on a sphere"),
            ("EPSG:\0", "EPSG:"),
            ("緯度経度", "PROJ says"),
            ("+proj=utm +zone=52", "expected a geographic or projected one"),
        ] {
            let error = wrong.parse::<Crs>().expect_err(wrong).to_string();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn numbers_that_do_not_belong_to_the_system() {
        let no_datum = "+proj=tmerc +lat_0=38 +lon_0=127 +ellps=bessel +type=crs";
        let no_grid = "+proj=longlat +ellps=bessel +nadgrids=@nowhere.gsb,null +type=crs";
        for (system, x, y, expected) in [
            ("EPSG:32652", 125.3675, 39.6472, "these look like degrees"),
            ("EPSG:3857", 125.3675, 39.6472, "these look like degrees"),
            ("EPSG:4301", 188_301.0, 4_394_910.0, "these look like metres"),
            ("EPSG:4301", 35.7, 139.7, "the two look swapped"),
            ("EPSG:32652", 4_394_910.0, 188_301.0, "the two look swapped"),
            // Numbers of Australia in zone 52S, and of Korea in zone 52N.
            ("EPSG:32652", 500_000.0, -3_000_000.0, "the zone's northern half"),
            ("EPSG:32752", 500_000.0, 14_394_910.0, "outside of where the system is used"),
            // Korea's own grid taken for Great Britain's.
            ("EPSG:27700", 817_029.0, 2_184_959.0, "outside of where the system is used"),
            ("EPSG:4301", -100.0, 40.0, "outside of where the system is used"),
            // Centimetres, which PROJ puts at the pole.
            ("EPSG:3857", 1_116_905_558.0, 480_000_000.0, "beyond the edge of the map"),
            ("EPSG:3857", 20_100_000.0, 4_000_000.0, "beyond the edge of the map"),
            (no_datum, 188_301.0, 10_000.0, "guesses are off by hundreds of metres"),
            // Great Britain's datum off its shore, where no operation is meant for.
            ("EPSG:27700", 1_000_000.0, 300_000.0, "guesses are off by hundreds of metres"),
            (no_grid, 127.0, 38.0, "its definition takes a grid"),
            ("EPSG:32652", f64::NAN, 1.0, "expected two finite numbers"),
            ("EPSG:32652", f64::INFINITY, 1.0, "expected two finite numbers"),
            ("EPSG:32652", 1e300, 1e300, "[1"),
        ] {
            let system = crs(system);
            let error = system.position(x, y).expect_err(expected).to_string();
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
        let original = std::fs::read_to_string("data/borders/cn-kp.geojson").expect("shipped");
        let mut utm: Value = serde_json::from_str(&original).expect("JSON");
        map_positions(&mut utm["features"][0]["geometry"]["coordinates"]);
        let border = Atlas::from_geojson(original.as_bytes()).expect("shipped");
        let options = AtlasOptions::default().with_crs(Some(crs("EPSG:32652")));
        let given = Atlas::from_geojson_with(utm.to_string().as_bytes(), &options).expect("UTM");
        // Said by the file itself.
        utm["crs"] = json!({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32652"}});
        let own = Atlas::from_geojson(utm.to_string().as_bytes()).expect("UTM");

        let sites = Sites::from_path("data/sites/dprk-facilities.csv".as_ref()).expect("shipped");
        let mut table = "id,x,y\n".to_owned();
        for site in sites.as_slice() {
            let (x, y) = to_utm(site.position());
            writeln!(table, "{},{x},{y}", site.id()).expect("text");
        }
        let converted = Sites::from_csv_in(table.as_bytes(), &crs("EPSG:32652")).expect("UTM");
        assert!(converted.rejected().is_empty() && converted.len() == sites.len() && sites.len() > 20);
        for site in converted.as_slice() {
            let original = sites.get(site.id()).expect("the same").position();
            let expected_m = border.features()[0].nearest(original).distance.m();
            for atlas in [&given, &own] {
                let found_m = atlas.features()[0].nearest(site.position()).distance.m();
                assert!((found_m - expected_m).abs() < 1e-3, "{}: {found_m}, expected {expected_m}", site.id());
            }
        }
    }

    /// A question over files in UTM is answered as over those in WGS 84.
    #[test]
    fn a_scenario() {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("coordinate_systems");
        std::fs::create_dir_all(&folder).expect("a folder");
        let file = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a file");
        let border = std::fs::read_to_string("data/borders/cn-kp.geojson").expect("shipped");
        let mut utm: Value = serde_json::from_str(&border).expect("JSON");
        map_positions(&mut utm["features"][0]["geometry"]["coordinates"]);
        let sites = Sites::from_path("data/sites/dprk-facilities.csv".as_ref()).expect("shipped");
        let (mut degrees, mut metres) =
            ("id,lat,lon,uncertainty_m\n".to_owned(), "id,easting,northing,uncertainty_m\n".to_owned());
        for site in sites.as_slice() {
            let at = site.position();
            let (x, y) = to_utm(at);
            writeln!(degrees, "{},{},{},100", site.id(), at.lat_deg(), at.lon_deg()).expect("text");
            writeln!(metres, "{},{x},{y},100", site.id()).expect("text");
        }
        file("wgs84.geojson", &border);
        file("utm.geojson", &utm.to_string());
        file("wgs84.csv", &degrees);
        file("utm.csv", &metres);
        let rank = |name: &str, systems: &str| {
            let text = format!(
                "sites = '{name}.csv'\natlas = '{name}.geojson'\n{systems}\n[[source]]\nid = 'a'\nreliability = 0.5\n\n\
                 [[claim]]\nsource = 'a'\ntext = 'about 85 km from the Chinese border'\n"
            );
            file(&format!("{name}.toml"), &text);
            let scenario =
                Scenario::from_path(&folder.join(format!("{name}.toml"))).unwrap_or_else(|error| panic!("{error}"));
            let sites = scenario.load_sites().expect("sites");
            let ranking = scenario.rank(&sites, scenario.reading());
            ranking.top(usize::MAX).map(|ranked| (ranked.site.id().to_owned(), ranked.posterior)).collect::<Vec<_>>()
        };
        let expected = rank("wgs84", "");
        let found = rank("utm", "sites_crs = 'EPSG:32652'\nfeatures_crs = 'EPSG:32652'");
        assert_eq!(found.len(), sites.len());
        for ((found, found_p), (id, p)) in found.iter().zip(&expected) {
            assert!(found == id && (found_p - p).abs() < 1e-9, "{found} {found_p}, expected {id} {p}");
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
        assert!(read(&line(&named("urn:ogc:def:crs:EPSG::32652")), Some("EPSG:32652")).is_ok());
        assert!(read(&line(r#", "crs": {"type": "EPSG", "properties": {"code": 32652}}"#), None).is_ok());
        assert!(read(&line(r#", "crs": null"#), Some("EPSG:32652")).is_ok());
        // Two without a name are not one.
        let [here, aside] = ["+proj=utm +zone=52 +datum=WGS84 +type=crs", "+proj=utm +zone=51 +datum=WGS84 +type=crs"];
        assert!(read(&line(&named(here)), Some(here)).is_ok());
        assert!(read(&line(&named(here)), Some(aside)).is_err());
        for (text, system, expected) in [
            (line(&named("EPSG:5179")), Some("EPSG:32652"), "the file says that its coordinates are in EPSG:5179"),
            (line(&named("urn:ogc:def:crs:OGC:1.3:CRS84")), Some("EPSG:32652"), "CRS84 (WGS 84), not in EPSG:32652"),
            (
                line(&named("EPSG:5179")),
                Some("EPSG:4326"),
                "EPSG:5179 (KGD2002 / Unified CS), not in EPSG:4326 (WGS 84)",
            ),
            (line(&named("EPSG:99999")), None, "the coordinates are in EPSG:99999"),
            (
                line(r#", "crs": {"type": "link", "properties": {"href": "a"}}"#),
                Some("EPSG:32652"),
                "the file's 'crs' is {",
            ),
            (line(&named("EPSG:4301")), None, "feature 'road': [188301, 4394910] in EPSG:4301 (Tokyo)"),
            (
                line("").replace("\"id\": \"road\"", &format!("\"id\": \"road\"{}", named("EPSG:32652"))),
                None,
                "feature 'road': it has a 'crs' of its own",
            ),
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
