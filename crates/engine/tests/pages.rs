//! Reference pages whose truth is code say what the code says.

use factotum_engine::problem::{ADVICE, NUMBERS};

/// The rows of the page of problems whose numbers begin with a letter must be these.
fn check(letter: char, numbers: &[(&str, &str)]) {
    let page = include_str!("../../../docs/problems.md");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with(&format!("| {letter}0"))).collect();
    let told: Vec<String> = numbers.iter().map(|(number, words)| format!("| {number} | {words} |")).collect();
    assert_eq!(rows, told);
}

#[test]
fn every_problem_number_is_on_its_page() {
    check('F', NUMBERS);
}

#[test]
fn every_advice_is_on_its_page() {
    check('W', ADVICE);
}
