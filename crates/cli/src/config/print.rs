//! The configuration as it came together, for `--print-config`; secrets are masked.

use super::node::{Kind, Node, Table};

const MASK: &str = "********";

/// The tree as TOML.
pub(crate) fn print(tree: &Table) -> String {
    let table: toml::Table = tree.iter().map(|(key, entry)| (key.clone(), value(key, &entry.node))).collect();
    table.to_string()
}

fn value(key: &str, node: &Node) -> toml::Value {
    match &node.kind {
        Kind::Text(_) if matches!(key, "secret_key" | "client_secret" | "secret_access_key") => MASK.into(),
        Kind::Text(text) if key == "secret_key_fallbacks" && !text.is_empty() => MASK.into(),
        Kind::Text(text) if matches!(key, "url" | "server") => without_password(text).into(),
        Kind::Text(text) => text.as_str().into(),
        Kind::Int(number) => (*number).into(),
        Kind::Float(number) => (*number).into(),
        Kind::Bool(truth) => (*truth).into(),
        Kind::List(list) if key == "secret_key_fallbacks" => vec![MASK; list.len()].into(),
        Kind::List(list) => toml::Value::Array(list.iter().map(|item| value("", item)).collect()),
        Kind::Table(table) => {
            toml::Value::Table(table.iter().map(|(key, entry)| (key.clone(), value(key, &entry.node))).collect())
        }
    }
}

/// A database's URL without its password, wherever it stands: before the host, or as a parameter.
pub(crate) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (place, parameters) = rest.split_once('?').map_or((rest, None), |(place, after)| (place, Some(after)));
    let place = match place.rsplit_once('@') {
        Some((who, host)) => match who.split_once(':') {
            Some((user, _)) => format!("{user}:{MASK}@{host}"),
            None => place.to_owned(),
        },
        None => place.to_owned(),
    };
    let masked = |pair: &str| match pair.split_once('=') {
        Some(("password" | "sslpassword", _)) => format!("password={MASK}"),
        _ => pair.to_owned(),
    };
    let parameters = parameters.map(|text| text.split('&').map(masked).collect::<Vec<_>>().join("&"));
    parameters.map_or_else(|| format!("{scheme}://{place}"), |parameters| format!("{scheme}://{place}?{parameters}"))
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn passwords_of_urls_are_masked() {
        let check = |url: &str, expected: &str| assert_eq!(without_password(url), expected);
        check("sqlite:shop.sqlite3", "sqlite:shop.sqlite3");
        check("postgres://ann:pa@ss@db/shop", "postgres://ann:********@db/shop");
        check(
            "postgres://ann@db/shop?password=x&sslmode=require",
            "postgres://ann@db/shop?password=********&sslmode=require",
        );
    }
}
