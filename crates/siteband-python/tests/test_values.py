"""Positions, claims, bands and errors."""

import pickle

import pytest

import siteband as sb


def test_positions():
    sino_ri = sb.Position("39° 38′ 50″ N, 125° 22′ 03″ E")
    assert sino_ri.lat_deg == pytest.approx(39.647222, abs=1e-6)
    assert sino_ri.uncertainty_m == pytest.approx(19.5, abs=0.1)
    assert sb.Position(39, 355) == sb.Position(39.0, -5.0)
    assert len({sb.Position(0.0, 0.0), sb.Position(-0.0, 0.0), sb.Position(0, 0, 5)}) == 2
    assert repr(sb.Position(39.5, 125)) == "Position(39.5, 125.0)"
    assert eval(repr(sino_ri), {"Position": sb.Position}) == sino_ri
    assert pickle.loads(pickle.dumps(sino_ri)) == sino_ri


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: sb.Position(95, 125), "latitude 95"),
        (lambda: sb.Position("39 N"), ""),
        (lambda: sb.Position(39), "expected a text, or a latitude and a longitude"),
        (lambda: sb.Position(39, 125, -1), ""),
        (lambda: sb.parse_claim("abuot 85 km from China"), "did you mean 'about'"),
        (lambda: sb.parse_claim("85 km from China").band("mixtur"), "did you mean 'mixture'"),
        (lambda: sb.parse_claim("85 km from China").band().credible_m(1.5), "1.5 is no share"),
        (lambda: sb.border("CN", "FR"), "no bundled border"),
        (lambda: sb.border("CN", "Atlantis"), "unknown country 'Atlantis'"),
        (lambda: sb.read_scenario("/nowhere/x.toml"), "/nowhere/x.toml"),
        (lambda: sb.read_features("/nowhere/x.geojson"), "/nowhere/x.geojson"),
        (lambda: sb.Scenario.from_bytes(b"PK"), "no scenario that to_bytes() made"),
        (lambda: sb.border("CN", "KP").distance(91.0, 0.0), "latitude 91"),
    ],
)
def test_errors_are_the_library_s(make, words):
    with pytest.raises(sb.Error) as error:
        make()
    assert words in str(error.value)
    assert isinstance(error.value, ValueError)


def test_errors_name_file_line_and_field(tmp_path):
    file = tmp_path / "question.toml"
    file.write_text('none_of_these = 2\n[[source]]\nid = "a"\nreliability = 1\n[[claim]]\nsource = "a"\ntext = "85 km from China"\n')
    with pytest.raises(sb.Error, match=r"question\.toml: line 1: none_of_these: "):
        sb.read_scenario(file)


def test_claims():
    claim = sb.parse_claim("some 53 miles north-northeast of Seoul")
    assert (claim.offset, claim.unit, claim.direction, claim.feature) == (53.0, "mi", "north-northeast", "Seoul")
    assert claim.offset_m == 53 * 1609.344
    assert not claim.is_implied and claim.side is None
    assert claim == sb.parse_claim("some 53 miles north-northeast of Seoul") and claim != sb.parse_claim("53 miles from Seoul")
    assert pickle.loads(pickle.dumps(claim)) == claim
    about = sb.parse_claim("about 85 km from the Chinese border")
    border = sb.border("CN", "KP")
    low, high = about.band().credible_m(0.9)
    low_about, high_about = about.band(feature=border).credible_m(0.9)
    assert low_about < low < 85_000 < high < high_about
    assert about.band("literal").core_m == (84_500.0, 85_500.0)
    assert about.band().log_likelihood(85_000.0) > about.band().log_likelihood(120_000.0)
    found = sb.find_claims("It was 85 km from Seoul, and 20 miles south of Pyongyang.")
    assert [claim.feature for claim in found] == ["Seoul", "Pyongyang"]
