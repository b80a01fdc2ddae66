//! `docs/security.md` says what is there: the files and tests that it names, every requirement of the standard, and counts
//! that come to what stands in its tables.

use std::{collections::BTreeMap, fs, path::Path};

/// OWASP ASVS 5.0.0: of each section the level of each of its requirements, in their order.
const LEVELS: &[(&str, &str)] = &[
    ("1.1", "22"),
    ("1.2", "1111122223"),
    ("1.3", "112222222223"),
    ("1.4", "222"),
    ("1.5", "123"),
    ("2.1", "122"),
    ("2.2", "112"),
    ("2.3", "12223"),
    ("2.4", "23"),
    ("3.1", "3"),
    ("3.2", "113"),
    ("3.3", "12223"),
    ("3.4", "11222233"),
    ("3.5", "11122333"),
    ("3.6", "3"),
    ("3.7", "22333"),
    ("4.1", "12233"),
    ("4.2", "23333"),
    ("4.3", "22"),
    ("4.4", "1222"),
    ("5.1", "2"),
    ("5.2", "112333"),
    ("5.3", "113"),
    ("5.4", "222"),
    ("6.1", "122"),
    ("6.2", "111111112222"),
    ("6.3", "11223333"),
    ("6.4", "112233"),
    ("6.5", "22222333"),
    ("6.6", "2223"),
    ("6.7", "33"),
    ("6.8", "2222"),
    ("7.1", "222"),
    ("7.2", "1111"),
    ("7.3", "22"),
    ("7.4", "11222"),
    ("7.5", "223"),
    ("7.6", "22"),
    ("8.1", "1233"),
    ("8.2", "1123"),
    ("8.3", "133"),
    ("8.4", "23"),
    ("9.1", "111"),
    ("9.2", "1222"),
    ("10.1", "22"),
    ("10.2", "223"),
    ("10.3", "22223"),
    ("10.4", "1111122222233333"),
    ("10.5", "22222"),
    ("10.6", "22"),
    ("10.7", "222"),
    ("11.1", "2233"),
    ("11.2", "22233"),
    ("11.3", "11233"),
    ("11.4", "1222"),
    ("11.5", "23"),
    ("11.6", "23"),
    ("11.7", "33"),
    ("12.1", "12233"),
    ("12.2", "11"),
    ("12.3", "22223"),
    ("13.1", "2333"),
    ("13.2", "222223"),
    ("13.3", "2233"),
    ("13.4", "1222233"),
    ("14.1", "22"),
    ("14.2", "12223333"),
    ("14.3", "122"),
    ("15.1", "12233"),
    ("15.2", "12233"),
    ("15.3", "1222222"),
    ("15.4", "3333"),
    ("16.1", "2"),
    ("16.2", "22222"),
    ("16.3", "2222"),
    ("16.4", "222"),
    ("16.5", "2223"),
    ("17.1", "23"),
    ("17.2", "22223333"),
    ("17.3", "22"),
];

/// Where the files stand that the document names.
const PLACES: [&str; 7] = [
    ".ci/",
    "config/",
    "docs/",
    "entity/",
    "migration/",
    "src/",
    "tests/",
];
const FILES: [&str; 3] = ["Cargo.lock", "Cargo.toml", "README.md"];

/// One requirement, as a table tells of it.
#[derive(Debug)]
struct Row<'a> {
    number: &'a str,
    level: &'a str,
    how: &'a str,
}

impl Row<'_> {
    /// The line of the counts under which it is counted.
    fn outcome(&self) -> &'static str {
        if self.how.starts_with("**left:**") {
            "left"
        } else if self.how.starts_with("**in part:**") {
            "held in part"
        } else {
            "held"
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn document() -> String {
    fs::read_to_string(root().join("docs/security.md")).unwrap()
}

/// The requirements of levels 1 and 2, each with its level.
fn asked() -> BTreeMap<String, char> {
    let mut asked = BTreeMap::new();
    for (section, levels) in LEVELS {
        for (at, level) in levels.chars().enumerate() {
            if level != '3' {
                asked.insert(format!("{section}.{}", at + 1), level);
            }
        }
    }
    asked
}

/// What stands between backticks.
fn quoted(document: &str) -> impl Iterator<Item = &str> {
    document
        .lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// The file that is named, and the test in it if there is one; none where it is something else.
fn reference(quoted: &str) -> Option<(&str, Option<&str>)> {
    let (path, test) = match quoted.split_once("::") {
        Some((path, test)) => (path, Some(test)),
        None => (quoted, None),
    };
    let is_file = PLACES.iter().any(|place| path.starts_with(place))
        || FILES.contains(&path)
        || Path::new(path).extension().is_some_and(|kind| kind == "rs");
    is_file.then_some((path, test))
}

/// Whether a test of this name stands in the source.
fn has_test(source: &str, name: &str) -> bool {
    let declared = format!("fn {name}(");
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    lines.iter().enumerate().any(|(at, line)| {
        let line = line.strip_prefix("async ").unwrap_or(line);
        let mut above = lines[..at].iter().rev().take_while(|above| !above.is_empty());
        line.starts_with(&declared)
            && above.any(|above| above.starts_with("#[test]") || above.starts_with("#[tokio::test"))
    })
}

/// What is wrong with a reference, if anything is.
fn complaint(quoted: &str) -> Option<String> {
    let (path, test) = reference(quoted)?;
    let file = root().join(path);
    if !file.exists() {
        return Some(format!("{path} is not there"));
    }
    let name = test?;
    let source = fs::read_to_string(file).unwrap();
    (!has_test(&source, name)).then(|| format!("{path} has no test {name}"))
}

fn cells(line: &str) -> Vec<&str> {
    let inner = line.strip_prefix('|').and_then(|line| line.strip_suffix('|'));
    inner.map_or_else(Vec::new, |inner| inner.split('|').map(str::trim).collect())
}

fn is_number(cell: &str) -> bool {
    let parts: Vec<&str> = cell.split('.').collect();
    parts.len() == 3
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The requirements that apply.
fn judged(document: &str) -> Vec<Row<'_>> {
    let mut judged = Vec::new();
    for line in document.lines() {
        if let [number, level, _, how] = cells(line)[..]
            && is_number(number)
        {
            judged.push(Row { number, level, how });
        }
    }
    judged
}

/// The requirements that do not apply, each with the reason.
fn excused(document: &str) -> Vec<(&str, &str)> {
    let mut excused = Vec::new();
    for line in document.lines() {
        if let [reason, numbers, _] = cells(line)[..]
            && numbers.split(", ").all(is_number)
        {
            excused.extend(numbers.split(", ").map(|number| (number, reason)));
        }
    }
    excused
}

/// The figures of the first line that begins with this label.
fn figures(document: &str, label: &str) -> Vec<usize> {
    let line = document
        .lines()
        .map(cells)
        .find(|cells| cells.first() == Some(&label))
        .unwrap_or_else(|| panic!("there is no line {label}"));
    line[1..]
        .iter()
        .map(|figure| figure.parse().unwrap_or_else(|_| panic!("{label}: {figure}")))
        .collect()
}

#[test]
fn every_file_and_test_that_it_names_is_there() {
    let document = document();
    let complaints: Vec<String> = quoted(&document).filter_map(complaint).collect();
    assert_eq!(complaints, Vec::<String>::new());
    let references = quoted(&document).filter(|quoted| reference(quoted).is_some());
    assert!(references.count() > 100, "the document names its sources");
}

#[test]
fn a_file_or_a_test_that_is_not_there_is_complained_of() {
    let good = "tests/it/http.rs::what_takes_too_long_is_said_to";
    for quoted in [good, "tests/it/http.rs", "tests/it", "session", "sessions.idle"] {
        assert_eq!(complaint(quoted), None);
    }
    for quoted in [
        "src/no_such_file.rs",
        "no_such_file.rs",
        "tests/it/http.rs::no_such_test",
        // There, but no test.
        "tests/it/http.rs::kinds_of_answers",
        // The beginning of one's name.
        "tests/it/http.rs::what_takes_too_long",
    ] {
        assert!(complaint(quoted).is_some(), "{quoted}");
    }
}

#[test]
fn every_requirement_of_both_levels_stands_there_once_at_its_level() {
    let (document, asked) = (document(), asked());
    let judged = judged(&document);
    let mut told: Vec<&str> = judged.iter().map(|row| row.number).collect();
    told.extend(excused(&document).iter().map(|(number, _)| *number));
    told.sort_unstable();
    let numbers: Vec<&str> = asked.keys().map(String::as_str).collect();
    assert_eq!(told, numbers);
    for row in judged {
        assert_eq!(row.level, asked[row.number].to_string(), "{}", row.number);
        let names_something = row.how.contains('`') || row.how.contains("](#");
        assert!(
            names_something || row.outcome() != "held",
            "{}: what holds it?",
            row.number
        );
    }
}

#[test]
fn the_counts_in_its_head_are_those_of_its_tables() {
    let (document, asked) = (document(), asked());
    let (judged, excused) = (judged(&document), excused(&document));
    let count = |is_counted: &dyn Fn(&str) -> bool| {
        let at = |level: char| {
            let counted = asked
                .iter()
                .filter(|(number, of)| **of == level && is_counted(number.as_str()));
            counted.count()
        };
        vec![at('1'), at('2'), at('1') + at('2')]
    };
    assert_eq!(figures(&document, "requirements"), count(&|_| true));
    let applies = |number: &str| judged.iter().any(|row| row.number == number);
    assert_eq!(figures(&document, "apply"), count(&applies));
    assert_eq!(
        figures(&document, "do not apply"),
        count(&|number| !applies(number))
    );
    for outcome in ["held", "held in part", "left"] {
        let has = |number: &str| {
            judged
                .iter()
                .any(|row| row.number == number && row.outcome() == outcome)
        };
        assert_eq!(figures(&document, outcome), count(&has), "{outcome}");
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, reason) in excused {
        *reasons.entry(reason).or_default() += 1;
    }
    assert!(!reasons.is_empty());
    for (reason, counted) in reasons {
        assert_eq!(figures(&document, reason), [counted], "{reason}");
    }
}
