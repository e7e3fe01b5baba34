//! Reference pages whose truth is code say what the code says.

use factotum_engine::problem::NUMBERS;

#[test]
fn every_problem_number_is_on_its_page() {
    let page = include_str!("../../../docs/problems.md");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| F")).collect();
    let told: Vec<String> = NUMBERS.iter().map(|(number, words)| format!("| {number} | {words} |")).collect();
    assert_eq!(rows, told);
}
