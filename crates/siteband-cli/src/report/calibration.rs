//! The picture of a calibration: where the truths lie in their bands, and how often each interval holds the truth.

use std::fmt::Write;

use siteband::Calibration;

/// An SVG of 720 × 300: the PIT histogram on the left with the range that chance allows, coverage on the right.
#[allow(clippy::cast_precision_loss, reason = "counts of claims are far below 2^53")]
pub(crate) fn calibration_svg(name: &str, calibration: &Calibration, shown: &str) -> String {
    const LEFT: f64 = 50.0;
    const TOP: f64 = 60.0;
    const WIDTH: f64 = 360.0;
    const HEIGHT: f64 = 180.0;
    let count = calibration.count as f64;
    let expected = count / 10.0;
    // Nineteen times in twenty a tenth that is right holds so many more or fewer.
    let slack = 1.96 * (count * 0.1 * 0.9).sqrt();
    let most = calibration.pit.iter().copied().max().unwrap_or(1) as f64;
    let scale = HEIGHT / most.max(expected + slack) / 1.05;
    let y = |value: f64| TOP + HEIGHT - value * scale;
    let mut svg = String::new();
    // Writing to a string cannot fail.
    let mut line = |text: String| {
        let _ = writeln!(svg, "{text}");
    };
    let escaped = name.replace('&', "&amp;").replace('<', "&lt;");
    line(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 300\" width=\"720\" height=\"300\" role=\"img\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">\n<title>Calibration of {escaped} on {} claims</title>\n<rect width=\"720\" height=\"300\" fill=\"#fff\"/>",
        calibration.count
    ));
    line(format!(
        "<text x=\"{LEFT}\" y=\"24\" font-size=\"15\">{escaped}, {} claims: {shown}</text>",
        calibration.count
    ));
    line(format!("<text x=\"{LEFT}\" y=\"46\">Where the truth lies in the band, by tenths</text>"));
    line(format!(
        "<rect x=\"{LEFT}\" y=\"{:.1}\" width=\"{WIDTH}\" height=\"{:.1}\" fill=\"#e8e8e8\"/>",
        y(expected + slack),
        y((expected - slack).max(0.0)) - y(expected + slack)
    ));
    line(format!(
        "<line x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{:.1}\" y2=\"{:.1}\" stroke=\"#555\" stroke-dasharray=\"4 3\"/>",
        LEFT + WIDTH,
        y(expected),
        y(expected)
    ));
    for (tenth, hits) in calibration.pit.iter().enumerate() {
        let x = LEFT + WIDTH / 10.0 * tenth as f64;
        let top = y(*hits as f64);
        line(format!(
            "<rect x=\"{:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"#0072b2\" fill-opacity=\"0.75\"/>\n<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"10\" stroke=\"#fff\" stroke-width=\"2\" paint-order=\"stroke\">{hits}</text>",
            x + 2.0,
            WIDTH / 10.0 - 4.0,
            TOP + HEIGHT - top,
            x + WIDTH / 20.0,
            top - 3.0
        ));
        line(format!(
            "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"10\">{}</text>",
            TOP + HEIGHT + 14.0,
            10 * tenth
        ));
    }
    line(format!(
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"10\">100 %</text>\n<text x=\"{LEFT}\" y=\"284\" font-size=\"10\" fill=\"#555\">grey: what chance allows a calibrated band, 19 times in 20</text>",
        LEFT + WIDTH,
        TOP + HEIGHT + 14.0
    ));
    coverage(&mut line, calibration);
    line("</svg>".to_owned());
    svg
}

/// Each interval's coverage with its limits, against its name.
fn coverage(line: &mut impl FnMut(String), calibration: &Calibration) {
    const LEFT: f64 = 490.0;
    const WIDTH: f64 = 200.0;
    let x = |share: f64| LEFT + WIDTH * share;
    line("<text x=\"450\" y=\"46\">How often each interval holds the truth</text>".to_owned());
    for (row, coverage) in (0_u32..).zip(&calibration.coverage) {
        let y = 88.0 + 55.0 * f64::from(row);
        let (low, high) = coverage.limits_95;
        let percent = |share: f64| format!("{:.1}", 100.0 * share);
        line(format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{:.0} %</text>\n<text x=\"{LEFT}\" y=\"{:.1}\" font-size=\"10\">{} ({}–{})</text>",
            LEFT - 10.0,
            y + 4.0,
            100.0 * coverage.share,
            y - 14.0,
            percent(coverage.found),
            percent(low),
            percent(high)
        ));
        line(format!(
            "<line x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{y}\" y2=\"{y}\" stroke=\"#ddd\"/>\n<line x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{:.1}\" y2=\"{:.1}\" stroke=\"#d55e00\" stroke-width=\"2\"/>\n<line x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{y}\" y2=\"{y}\" stroke=\"#0072b2\" stroke-width=\"3\"/>\n<circle cx=\"{:.1}\" cy=\"{y}\" r=\"4\" fill=\"#0072b2\"/>",
            x(1.0),
            x(coverage.share),
            x(coverage.share),
            y - 9.0,
            y + 9.0,
            x(low),
            x(high),
            x(coverage.found)
        ));
    }
    for tenth in [0.0, 0.5, 1.0] {
        line(format!(
            "<text x=\"{:.1}\" y=\"254\" text-anchor=\"middle\" font-size=\"10\">{:.0} %</text>",
            x(tenth),
            100.0 * tenth
        ));
    }
    line("<text x=\"450\" y=\"284\" font-size=\"10\" fill=\"#555\">blue: found, with 95 % limits; orange: its name</text>".to_owned());
}
