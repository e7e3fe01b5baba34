//! What stands between the values of a file, guessed from its first lines.

/// What can stand there, in the order in which a tie is decided.
const CANDIDATES: [char; 4] = [',', ';', '\t', '|'];
/// Where several divide all lines alike, the first of these does.
const PREFERRED: [char; 4] = [',', '\t', ';', '|'];
/// So many lines are looked at.
pub(super) const LINES: usize = 20;

/// Guesses: what stands beside quoted values; else what divides nearly all lines into equally many; else what there is
/// most of.
pub(super) fn guess(text: &str) -> u8 {
    let lines: Vec<&str> = text.split('\n').take(LINES).collect();
    let text = lines.join("\n");
    let found = beside_quotes(&text).or_else(|| even(&lines)).unwrap_or_else(|| most(&text));
    found as u8
}

/// What there is most of.
fn most(text: &str) -> char {
    let count = |wanted: char| text.chars().filter(|letter| *letter == wanted).count();
    // Of equals the last is found, so the first one is looked at last.
    CANDIDATES.into_iter().rev().max_by_key(|&candidate| count(candidate)).unwrap_or(',')
}

/// What comes equally often in nearly all lines: in the most of them, and in at least nine of ten.
fn even(lines: &[&str]) -> Option<char> {
    let lines: Vec<&str> = lines.iter().copied().filter(|line| !line.is_empty()).collect();
    let alike = PREFERRED.map(|candidate| (candidate, alike(&lines, candidate)));
    let best = alike.iter().map(|(_, alike)| *alike).max().filter(|best| *best > 0 && best * 10 >= lines.len() * 9)?;
    alike.into_iter().find(|(_, alike)| *alike == best).map(|(candidate, _)| candidate)
}

/// In how many lines a letter comes as often as in the most of them; none if it is not there in those.
fn alike(lines: &[&str], letter: char) -> usize {
    let counts: Vec<usize> = lines.iter().map(|line| line.chars().filter(|other| *other == letter).count()).collect();
    let often = |count: usize| counts.iter().filter(|other| **other == count).count();
    let usual = counts.iter().copied().rev().max_by_key(|count| often(*count)).unwrap_or(0);
    if usual > 0 { often(usual) } else { 0 }
}

/// Where a quoted value may stand between its neighbours.
#[derive(Clone, Copy)]
struct Neighbours {
    before: bool,
    behind: bool,
}

/// What stands beside values in quotes of either kind, most often.
fn beside_quotes(text: &str) -> Option<char> {
    let letters: Vec<char> = text.chars().collect();
    let ways = [(true, true), (false, true), (true, false)].map(|(before, behind)| Neighbours { before, behind });
    for way in ways {
        let found = all(&letters, way);
        if !found.is_empty() {
            let count = |wanted: char| found.iter().filter(|letter| **letter == wanted).count();
            let best = CANDIDATES.into_iter().rev().max_by_key(|&candidate| count(candidate))?;
            return (count(best) > 0).then_some(best);
        }
    }
    // Values that stand alone on their lines have nothing beside them.
    None
}

/// What stands beside each quoted value that has such neighbours.
fn all(letters: &[char], way: Neighbours) -> Vec<char> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        match one(letters, at, way) {
            Some((beside, end)) => {
                found.push(beside);
                at = end.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

fn is_beside(letter: char) -> bool {
    !letter.is_alphanumeric() && !matches!(letter, '_' | '\n' | '"' | '\'')
}

/// The quoted value that begins here with what stands before it: what stands beside it, and where it ends.
fn one(letters: &[char], start: usize, way: Neighbours) -> Option<(char, usize)> {
    let letter = |at: usize| letters.get(at).copied();
    let (before, mut at) = if way.before {
        let before = letter(start).filter(|letter| is_beside(*letter))?;
        (
            Some(before),
            if letter(start + 1) == Some(' ') && matches!(letter(start + 2), Some('"' | '\'')) {
                start + 2
            } else {
                start + 1
            },
        )
    } else if start == 0 && matches!(letter(0), Some('"' | '\'')) {
        (None, 0)
    } else {
        letter(start).filter(|letter| *letter == '\n')?;
        (None, start + 1)
    };
    let quote = letter(at).filter(|letter| matches!(letter, '"' | '\''))?;
    loop {
        at += 1;
        if letter(at)? != quote {
            continue;
        }
        match (before, letter(at + 1)) {
            (Some(before), Some(behind)) if way.behind && before == behind => return Some((before, at + 2)),
            (Some(before), None | Some('\n')) if !way.behind => return Some((before, at + 2)),
            (None, Some(behind)) if is_beside(behind) => return Some((behind, at + 2)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_guessed() {
        let cases = [
            ("name\nalpha\nbeta\n", ','),
            ("name;note\nq;a, b\nr;c, d\n", ';'),
            ("name\tnote\nq\t1\n", '\t'),
            ("name|note\nq|x\n", '|'),
            ("a,b;c\n1,2;3\n", ','),
            ("a;b\n\"x,y,z\";1\n\"u,v,w\";2\n", ';'),
            ("", ','),
            ("a|b\n1,2\n3;4\n5|6|7\n", '|'),
        ];
        for (text, expected) in cases {
            assert_eq!(guess(text) as char, expected, "{text:?}");
        }
    }
}
