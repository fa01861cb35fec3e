//! Markdown: every table has rows of one length, whatever the names are.

mod common;

/// How many bars of a row are not escaped.
fn bars(row: &str) -> usize {
    let (mut count, mut escaped) = (0, false);
    for c in row.chars() {
        count += usize::from(c == '|' && !escaped);
        escaped = c == '\\' && !escaped;
    }
    count
}

/// The rows of each table.
fn tables(text: &str) -> Vec<Vec<&str>> {
    let mut tables: Vec<Vec<&str>> = vec![Vec::new()];
    for line in text.lines() {
        match (line.starts_with('|'), tables.last_mut()) {
            (true, Some(table)) => table.push(line),
            (false, Some(table)) if !table.is_empty() => tables.push(Vec::new()),
            _ => {}
        }
    }
    tables.retain(|table| !table.is_empty());
    tables
}

#[test]
fn everything_is_there() {
    let (scenario, sites) = common::sino_ri();
    let text = common::report(&scenario, &sites).markdown();
    for expected in [
        "# Iranian experts in North Korea, 2012\n",
        "This is how well sites fit what was said, not evidence that anything is there.",
        "## What was said",
        "| diplomat | 90.0 % |",
        "|  | None of these | ",
        "## Main reasons",
        "## What would change the result",
        "Natural Earth",
        "19 more sites are listed",
    ] {
        assert!(text.contains(expected), "{expected} in\n{text}");
    }
    let tables = tables(&text);
    // The header, the line below it, ten sites, and none of these.
    assert_eq!(tables.iter().map(Vec::len).collect::<Vec<_>>(), [2 + 7, 2 + 10 + 1]);
}

#[test]
fn hostile_names_leave_the_table_whole() {
    let (scenario, _) = common::sino_ri();
    let sites = common::hostile_sites();
    let text = common::report(&scenario, &sites).markdown();
    let tables = tables(&text);
    assert_eq!(tables.len(), 2);
    for table in tables {
        for row in &table {
            assert_eq!(bars(row), bars(table[0]), "{row}");
        }
    }
    let is_bare = |markup: &str| text.match_indices(markup).any(|(at, _)| !text[..at].ends_with('\\'));
    assert!(
        !is_bare("<script") && !is_bare("`") && !is_bare("](") && !text.contains('\u{1}') && !text.contains('\u{202e}')
    );
}
