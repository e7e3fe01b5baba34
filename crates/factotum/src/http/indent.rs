//! JSON with line breaks and blanks, as Python's encoder indents it.

/// Deeper levels stand no further in: what is nested without end would need blanks without end.
const DEEPEST: usize = 64;

/// Compact JSON with line breaks and blanks; nothing inside is read or changed.
#[must_use]
pub fn indented(json: &[u8], width: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(json.len() * 2);
    let (mut depth, mut inside, mut escaped) = (0_usize, false, false);
    let line = |out: &mut Vec<u8>, depth: usize| {
        out.push(b'\n');
        out.resize(out.len() + depth.min(DEEPEST) * width, b' ');
    };
    for (at, &byte) in json.iter().enumerate() {
        let opened = at > 0 && matches!(json[at - 1], b'[' | b'{');
        match byte {
            _ if inside => {
                inside = escaped || byte != b'"';
                escaped = byte == b'\\' && !escaped;
                out.push(byte);
            }
            b'[' | b'{' => {
                out.push(byte);
                depth += 1;
                if !matches!(json.get(at + 1), Some(b']' | b'}')) {
                    line(&mut out, depth);
                }
            }
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if !opened {
                    line(&mut out, depth);
                }
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                line(&mut out, depth);
            }
            b':' => out.extend_from_slice(b": "),
            _ => {
                inside = byte == b'"';
                out.push(byte);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn json_is_indented_as_python_does() {
        let json = br#"{"a":[1,"x,\"{:"],"b":{},"c":[],"d":{"e":null}}"#;
        let expected = "{\n  \"a\": [\n    1,\n    \"x,\\\"{:\"\n  ],\n  \"b\": {},\n  \"c\": [],\n  \"d\": {\n    \"e\": null\n  }\n}";
        assert_eq!(String::from_utf8_lossy(&indented(json, 2)), expected);
        assert_eq!(indented(b"[]", 4), b"[]");
        let deep = [b"[".repeat(20_000), b"]".repeat(20_000)].concat();
        assert!(indented(&deep, 8).len() < 40_000 * 514);
    }
}
