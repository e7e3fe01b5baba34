//! What each kind of field reads, one line per case; and what holds for any input at all.

use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{Reading, TermValue};
use crate::model::{Check, Field, FieldKind, Flaw, Model, ModelKey, OnDelete, Schema, TextFormat, Width};
use crate::store::Dialect;
use crate::value::{Raw, Upload, Value};

fn schema() -> Schema {
    let small = Model::new("t", "Small").key(Field::new("id", FieldKind::Auto(Width::Small)));
    let word = Model::new("t", "Word").key(Field::line("word", 9));
    let sign = Model::new("t", "Sign").key(Field::new("id", FieldKind::Uuid));
    Schema::new([small, word, sign])
}

fn with_reading<T>(zone: &str, dialect: Dialect, ask: impl FnOnce(&Reading<'_>) -> T) -> T {
    let (schema, zone) = (schema(), TimeZone::get(zone).unwrap());
    ask(&Reading { schema: &schema, zone: &zone, dialect })
}

fn name(flaw: &Flaw) -> String {
    let debug = format!("{:?}", flaw.kind);
    debug.split([' ', '{', '(']).next().unwrap_or_default().to_owned()
}

fn shown(read: Result<Value, Vec<Flaw>>) -> String {
    match read {
        Ok(Value::Null) => "null".to_owned(),
        Ok(value) => value.to_string(),
        Err(flaws) => format!("!{}", flaws.iter().map(name).collect::<Vec<_>>().join(" ")),
    }
}

fn read_on(dialect: Dialect, field: &Field, raw: Json) -> String {
    with_reading("UTC", dialect, |reading| shown(field.read(&Raw::Json(raw), reading)))
}

/// Checks what is read of JSON: the value's text, `null`, or `!` and the names of the flaws in order.
fn check_read<const N: usize>(field: &Field, cases: [(Json, &str); N]) {
    for (raw, expected) in cases {
        assert_eq!(read_on(Dialect::Sqlite, field, raw.clone()), expected, "{} of {raw}", field.class_name());
    }
}

fn kind(kind: FieldKind) -> Field {
    Field::new("x", kind)
}

fn text(format: TextFormat) -> Field {
    Field::text_of("x", Some(200), format)
}

#[test]
fn truth_has_many_spellings() {
    check_read(
        &Field::truth("x"),
        [
            (json!(true), "True"),
            (json!(0), "False"),
            (json!(1.0), "True"),
            (json!("YES"), "True"),
            (json!("t"), "True"),
            (json!("on"), "True"),
            (json!("Off"), "False"),
            (json!("n"), "False"),
            (json!(2), "!NotBool"),
            (json!(" true"), "!NotBool"),
            (json!(""), "!NotBool"),
            (json!([]), "!NotBool"),
            (Json::Null, "!Null"),
        ],
    );
    check_read(&Field::truth("x").null(), [(Json::Null, "null"), (json!(""), "null"), (json!("Null"), "null")]);
}

#[test]
fn whole_numbers_are_read_as_python_reads_them() {
    check_read(
        &Field::int("x"),
        [
            (json!(7), "7"),
            (json!("7"), "7"),
            (json!(" +7 "), "7"),
            (json!("7.0"), "7"),
            (json!("7.00 "), "7"),
            (json!("7."), "7"),
            (json!(7.0), "7"),
            (json!("1_000"), "1000"),
            (json!("\u{661}\u{662}"), "12"),
            (json!("1__0"), "!NotInt"),
            (json!("7.5"), "!NotInt"),
            (json!(7.5), "!NotInt"),
            (json!("1e2"), "!NotInt"),
            (json!(true), "!NotInt"),
            (json!(""), "!NotInt"),
            (json!(".0"), "!NotInt"),
            (json!([7]), "!NotInt"),
            (json!("5".repeat(1001)), "!TextTooLarge"),
            (json!("9223372036854775807"), "9223372036854775807"),
            (json!("9223372036854775808"), "!TooHigh"),
            (json!("-9223372036854775809"), "!TooLow"),
            (json!(u64::MAX), "!TooHigh"),
        ],
    );
    check_read(&Field::count("x", Width::Small), [(json!(-1), "!TooLow"), (json!(40000), "40000")]);
    let checked = Field::count("x", Width::Small).checked(Check::Min(Value::Int(1))).checked(Check::Max(Value::Int(9)));
    check_read(&checked, [(json!(0), "!TooLow"), (json!(10), "!TooHigh"), (json!(9), "9")]);
}

#[test]
fn ranges_follow_the_database() {
    let small = Field::count("x", Width::Small);
    assert_eq!(read_on(Dialect::Postgres, &small, json!(40000)), "!TooHigh");
    assert_eq!(read_on(Dialect::Postgres, &small, json!(32767)), "32767");
    assert_eq!(read_on(Dialect::Postgres, &Field::int("x"), json!(-2_147_483_649_i64)), "!TooLow");
    assert_eq!(read_on(Dialect::Sqlite, &Field::int("x"), json!(-2_147_483_649_i64)), "-2147483649");
}

#[test]
fn binary_numbers_are_finite() {
    check_read(
        &Field::float("x"),
        [
            (json!(1.5), "1.5"),
            (json!(2), "2.0"),
            (json!(true), "1.0"),
            (json!("1e3"), "1000.0"),
            (json!(".5"), "0.5"),
            (json!(" 5. "), "5.0"),
            (json!("1_0.5"), "10.5"),
            (json!("nan"), "!NotNumber"),
            (json!("Infinity"), "!NotNumber"),
            (json!("1e400"), "!NotNumber"),
            (json!("1,5"), "!NotNumber"),
            (json!({}), "!NotNumber"),
        ],
    );
}

#[test]
fn decimals_are_exact_and_their_digits_counted() {
    let price = Field::decimal("x", 10, 2).checked(Check::Min(Value::Int(0)));
    check_read(
        &price,
        [
            (json!("9.5"), "9.50"),
            (json!(12), "12.00"),
            (json!(1.1), "1.10"),
            (json!(100.0), "100.00"),
            (json!(" 1e2 "), "100.00"),
            (json!("00012345678.90"), "12345678.90"),
            (json!("1.234"), "!TooManyPlaces"),
            (json!("12345678901"), "!TooManyDigits"),
            (json!("123456789"), "!TooManyWholeDigits"),
            (json!("1e999999999"), "!TooManyDigits"),
            (json!("1e-999999999"), "!TooManyDigits"),
            (json!("1e99999999999999999999"), "!NotNumber"),
            (json!("NaN"), "!NotNumber"),
            (json!("-inf"), "!NotNumber"),
            (json!(true), "!NotNumber"),
            (json!(""), "!NotNumber"),
            (json!(-1), "!TooLow"),
            (json!("0".repeat(1001)), "!TextTooLarge"),
        ],
    );
    check_read(&Field::decimal("x", 5, 2).null(), [(json!("  "), "null"), (Json::Null, "null")]);
}

#[test]
fn text_is_trimmed_and_counted_in_characters() {
    check_read(
        &Field::line("x", 3),
        [
            (json!("  abc\t"), "abc"),
            (json!("\u{3000}a\u{1c}"), "a"),
            (json!(42), "42"),
            (json!(1.5), "1.5"),
            (json!("ééé"), "ééé"),
            (json!("éééé"), "!TooLong"),
            (json!("   "), "!Blank"),
            (json!("a\0"), "!NulCharacter"),
            (json!("aaa\0"), "!TooLong NulCharacter"),
            (json!(true), "!NotText"),
            (json!([]), "!NotText"),
            (json!({}), "!NotText"),
        ],
    );
    check_read(&Field::line("x", 3).blank(), [(json!("  "), ""), (Json::Null, "!Null")]);
}

#[test]
fn flaws_come_in_a_fixed_order() {
    let sku = Field::line("x", 4).checked(Check::MinLength(2)).matching("^[A-Z]+$", "capitals").null();
    check_read(
        &sku,
        [
            (json!("AB"), "AB"),
            (json!("a"), "!BadPattern TooShort"),
            (json!("abcde\0"), "!BadPattern TooLong NulCharacter"),
            (Json::Null, "null"),
        ],
    );
    check_read(
        &Field::text_of("x", Some(3), TextFormat::Slug),
        [
            (json!("a b c"), "!TooLong BadSlug"),
            (json!("a-b"), "a-b"),
            (json!("é"), "!BadSlug"),
            (json!([]), "!BadSlug"),
        ],
    );
}

#[test]
fn email_addresses_are_judged_label_by_label() {
    check_read(
        &text(TextFormat::Email),
        [
            (json!("a.b+c@d-e.example.com"), "a.b+c@d-e.example.com"),
            (json!("New.One@Example.com"), "New.One@Example.com"),
            (json!("\"a;b\"@x.org"), "\"a;b\"@x.org"),
            (json!("a@localhost"), "a@localhost"),
            (json!("a@[127.0.0.1]"), "a@[127.0.0.1]"),
            (json!("a@[::1]"), "a@[::1]"),
            (json!("a@é.com"), "a@é.com"),
            (json!("a@b.xn--p1ai"), "a@b.xn--p1ai"),
            (json!("not-an-email"), "!BadEmail"),
            (json!("a@b"), "!BadEmail"),
            (json!("a@b.c"), "!BadEmail"),
            (json!("a@b.c1"), "!BadEmail"),
            (json!("a@-b.co"), "!BadEmail"),
            (json!("a@b..co"), "!BadEmail"),
            (json!(".a@b.co"), "!BadEmail"),
            (json!("é@b.co"), "!BadEmail"),
            (json!("a@b.co."), "!BadEmail"),
            (json!("a@[1.2.3]"), "!BadEmail"),
            (json!(true), "!BadEmail"),
        ],
    );
}

#[test]
fn urls_have_a_scheme_a_host_and_no_blanks() {
    check_read(
        &text(TextFormat::Url),
        [
            (json!("https://a.b.co:8080/p?q#f"), "https://a.b.co:8080/p?q#f"),
            (json!("FTPS://x.org"), "FTPS://x.org"),
            (json!("http://localhost"), "http://localhost"),
            (json!("http://u:p@a.co/"), "http://u:p@a.co/"),
            (json!("http://[::1]:80/x"), "http://[::1]:80/x"),
            (json!("http://a.co."), "http://a.co."),
            (json!("ftp:/x"), "!BadUrl"),
            (json!("gopher://a.co"), "!BadUrl"),
            (json!("http://a"), "!BadUrl"),
            (json!("http://a.co:999999"), "!BadUrl"),
            (json!("http://256.0.0.1"), "!BadUrl"),
            (json!("http://[::g]"), "!BadUrl"),
            (json!("http://a.co/ x"), "!BadUrl"),
            (json!("http://a\u{ff0f}b.co"), "!BadUrl"),
            (json!("http://"), "!BadUrl"),
        ],
    );
}

#[test]
fn ip_addresses_have_one_spelling() {
    check_read(
        &text(TextFormat::Ip),
        [
            (json!("1.2.3.4"), "1.2.3.4"),
            (json!(" 1.2.3.4 "), "1.2.3.4"),
            (json!("2001:DB8::0001"), "2001:db8::1"),
            (json!("::FFFF:1.2.3.4"), "1.2.3.4"),
            (json!("1:0:2:3:4:5:6:7"), "1:0:2:3:4:5:6:7"),
            (json!("fe80::1%eth0"), "fe80::1"),
            (json!("300.1.1.1"), "!BadIp"),
            (json!("01.2.3.4"), "!BadIp"),
            (json!(" ::1"), "!BadIp"),
            (json!(7), "!BadIp"),
            (json!(""), "!Blank"),
        ],
    );
    check_read(&text(TextFormat::Ip), [(json!("x".repeat(300)), "!BadIp")]);
    check_read(&text(TextFormat::Ipv4), [(json!("::1"), "!BadIp"), (json!("1.2.3.4"), "1.2.3.4")]);
    check_read(&text(TextFormat::Ipv6), [(json!("1.2.3.4"), "!BadIp"), (json!("::ffff:1.2.3.4"), "::ffff:1.2.3.4")]);
}

#[test]
fn days_come_plain_or_as_weeks() {
    check_read(
        &kind(FieldKind::Date),
        [
            (json!("2024-02-29"), "2024-02-29"),
            (json!("20240229"), "2024-02-29"),
            (json!("2024-W09-4"), "2024-02-29"),
            (json!("2024W09"), "2024-02-26"),
            (json!("2024-1-5"), "2024-01-05"),
            (json!("2024-13-01"), "!BadDate"),
            (json!("2023-02-29"), "!BadDate"),
            (json!("0000-01-01"), "!BadDate"),
            (json!("2024-01-01T00:00"), "!BadDate"),
            (json!("01/02/2024"), "!BadDate"),
            (json!(20_240_229), "!BadDate"),
            (json!(""), "!BadDate"),
        ],
    );
}

#[test]
fn times_of_day_drop_their_offset() {
    check_read(
        &kind(FieldKind::Time),
        [
            (json!("08:30"), "08:30:00"),
            (json!("0830"), "08:30:00"),
            (json!("T08"), "08:00:00"),
            (json!("8:5:3,1"), "08:05:03.1"),
            (json!("23:59:59.1234567"), "23:59:59.123456"),
            (json!("08:30+02:00"), "08:30:00"),
            (json!("24:00"), "!BadTime"),
            (json!("25:00"), "!BadTime"),
            (json!("08:60"), "!BadTime"),
            (json!(8), "!BadTime"),
        ],
    );
}

#[test]
fn instants_without_offset_are_local() {
    let at = |zone: &str, text: &str| {
        with_reading(zone, Dialect::Sqlite, |reading| {
            shown(kind(FieldKind::DateTime).read(&Raw::Text(text.into()), reading))
        })
    };
    for (text, expected) in [
        ("2024-05-06T07:08:09", "2024-05-06T07:08:09Z"),
        ("2024-05-06 07:08", "2024-05-06T07:08:00Z"),
        ("2024-05-06", "2024-05-06T00:00:00Z"),
        ("2024-05-06T07:08:09.120000+02:00", "2024-05-06T05:08:09.12Z"),
        ("20240506T0708Z", "2024-05-06T07:08:00Z"),
        ("2024-5-6 7:8 -0530", "2024-05-06T12:38:00Z"),
        ("yesterday", "!BadDateTime"),
        ("2024-05-06T", "!BadDateTime"),
        ("2024-05-06T07:08+24:00", "!BadDateTime"),
        ("0001-01-01T00:00:00+05:00", "!DateTimeRange"),
    ] {
        assert_eq!(at("UTC", text), expected, "{text}");
    }
    assert_eq!(at("Europe/Berlin", "2024-07-01T12:00"), "2024-07-01T10:00:00Z");
    assert_eq!(at("Europe/Berlin", "2024-03-31T02:30"), "2024-03-31T01:30:00Z", "a time that was skipped");
    assert_eq!(at("Europe/Berlin", "2024-10-27T02:30"), "2024-10-27T00:30:00Z", "a time that was twice");
    assert_eq!(at("Europe/Berlin", "2024-10-27T02:30+02:00"), "2024-10-27T00:30:00Z");
}

#[test]
fn durations_come_in_three_spellings() {
    let micros = |text: &str| {
        with_reading("UTC", Dialect::Sqlite, |reading| {
            match kind(FieldKind::Duration).read(&Raw::Text(text.into()), reading) {
                Ok(Value::Duration(span)) => span.as_micros().to_string(),
                read => shown(read),
            }
        })
    };
    for (text, expected) in [
        ("3 04:05:06", "273906000000"),
        ("90", "90000000"),
        ("1:30", "90000000"),
        ("-1 02:00:00", "-79200000000"),
        ("-02:00", "-120000000"),
        ("1.5", "1500000"),
        ("P1DT2H3M4.5S", "93784500000"),
        ("-PT0.5H", "-1800000000"),
        ("3 days 04:05:06", "273906000000"),
        ("", "0"),
        ("long", "!BadDuration"),
        ("1:2:3:4", "!BadDuration"),
        ("1000000000 00:00:00", "!DurationRange"),
        ("99999999999999999999", "!DurationRange"),
    ] {
        assert_eq!(micros(text), expected, "{text}");
    }
    check_read(&kind(FieldKind::Duration), [(json!(true), "!BadDuration"), (json!(null), "!Null")]);
}

#[test]
fn uuids_come_in_every_spelling() {
    let plain = "123e4567-e89b-12d3-a456-426614174000";
    check_read(
        &kind(FieldKind::Uuid),
        [
            (json!(plain), plain),
            (json!("{123E4567E89B12D3A456426614174000}"), plain),
            (json!("urn:uuid:123e4567-e89b-12d3-a456-426614174000"), plain),
            (json!(5), "00000000-0000-0000-0000-000000000005"),
            (json!(-5), "!BadUuid"),
            (json!("abc"), "!BadUuid"),
            (json!(1.5), "!BadUuid"),
        ],
    );
}

#[test]
fn documents_are_shallow_and_without_nul() {
    let deep = (0..65).fold(json!(1), |inner, _| json!([inner]));
    let deepest = (0..64).fold(json!(1), |inner, _| json!([inner]));
    assert!(read_on(Dialect::Sqlite, &kind(FieldKind::Json), deepest).starts_with("[[["));
    check_read(
        &kind(FieldKind::Json),
        [
            (json!({"a": [1, null]}), r#"{"a":[1,null]}"#),
            (json!("text"), r#""text""#),
            (deep, "!BadJson"),
            (json!({"a\0": 1}), "!BadJson"),
            (Json::Null, "!Null"),
        ],
    );
    with_reading("UTC", Dialect::Sqlite, |reading| {
        let form = |text: &str| shown(kind(FieldKind::Json).read(&Raw::Text(text.to_owned()), reading));
        assert_eq!(form(r#"{"a": 1}"#), r#"{"a":1}"#);
        assert_eq!(form("{bad"), "!BadJson");
    });
}

#[test]
fn choices_are_values_or_their_texts() {
    let tier = Field::int("x").choices([(1_i64, "Basic"), (2, "Plus")]);
    check_read(&tier, [(json!(2), "2"), (json!("2"), "2"), (json!(2.0), "!NotChoice"), (json!(""), "!NotChoice")]);
    let given = |raw: Json| {
        with_reading("UTC", Dialect::Sqlite, |reading| format!("{:?}", tier.read(&Raw::Json(raw), reading)))
    };
    assert!(given(json!(true)).contains("\"True\""));
    assert!(given(json!(2.0)).contains("\"2.0\""));
    assert!(given(json!(["a", null])).contains("['a', None]"));
    let status = Field::line("x", 9).choices([("draft", "Draft")]);
    check_read(&status, [(json!("draft"), "draft"), (json!("Draft"), "!NotChoice"), (json!(""), "!NotChoice")]);
    check_read(&status.blank().null(), [(json!(""), ""), (Json::Null, "null")]);
}

#[test]
fn keys_are_read_as_their_model_says() {
    let one = |model: &str| Field::one("x", ModelKey::new("t", model), OnDelete::Cascade);
    check_read(
        &one("Small"),
        [
            (json!(5), "5"),
            (json!(" 5 "), "5"),
            (json!(2.0), "2"),
            (json!(1.5), "!BadKeyType"),
            (json!("abc"), "!BadKeyType"),
            (json!(true), "!BadKeyType"),
            (json!([1]), "!BadKeyType"),
            (json!(""), "!Null"),
            (json!("99999999999999999999"), "!NoTarget"),
        ],
    );
    assert_eq!(read_on(Dialect::Postgres, &one("Small"), json!(40000)), "!NoTarget");
    check_read(&one("Small").null(), [(json!(""), "null"), (Json::Null, "null")]);
    check_read(
        &one("Word"),
        [(json!("a b"), "a b"), (json!(5), "5"), (json!("a\0"), "!NoTarget"), (json!(false), "!BadKeyType")],
    );
    check_read(&one("Sign"), [(json!("abc"), "!BadUuid"), (json!(5), "00000000-0000-0000-0000-000000000005")]);
}

#[test]
fn many_keys_are_a_list_and_the_first_bad_one_speaks() {
    let many = Field::many("x", ModelKey::new("t", "Small"), "j", "a", "b");
    check_read(
        &many,
        [
            (json!([1, "2"]), "1, 2"),
            (json!([]), "!EmptyList"),
            (json!("1"), "!NotList"),
            (json!(5), "!NotList"),
            (json!([1, "x", true]), "!BadKeyType"),
            (json!({"7": 1}), "7"),
            (Json::Null, "!Null"),
        ],
    );
    check_read(&many.clone().blank(), [(json!([]), ""), (json!({}), "")]);
}

#[test]
fn uploads_are_files_with_a_name_and_content() {
    let file = |image| kind(FieldKind::File { folder: String::new(), max: 12, image });
    let upload = |name: &str, content: &'static [u8]| {
        Raw::File(Upload { name: name.to_owned(), media: None, content: bytes::Bytes::from_static(content) })
    };
    let gif = b"GIF89a\x02\0\x03\0\0\0\0;";
    with_reading("UTC", Dialect::Sqlite, |reading| {
        let read = |image, raw: &Raw| shown(file(image).read(raw, reading));
        assert_eq!(read(false, &upload("a.txt", b"x")), "a.txt");
        assert_eq!(read(false, &upload("a.txt", b"")), "!EmptyFile");
        assert_eq!(read(false, &upload("C:\\dir\\", b"x")), "!NoFileName");
        assert_eq!(read(false, &upload("some/where/123456789.txt", b"x")), "!FileNameTooLong");
        assert_eq!(read(false, &Raw::Text("a.txt".into())), "!NotFile");
        assert_eq!(read(true, &upload("a.png", b"not an image")), "!NotImage");
        assert_eq!(read(true, &upload("a.gif", gif)), "a.gif");
        assert_eq!(read(true, &upload("a.html", gif)), "!NotImageName");
    });
}

#[test]
fn terms_are_coerced_and_nothing_else() {
    let check_term = |field: &Field, text: &str, expected: &str| {
        with_reading("UTC", Dialect::Sqlite, |reading| {
            let read = match field.read_term(&Raw::Text(text.to_owned()), reading) {
                Ok(TermValue::Value(value)) => value.to_string(),
                Ok(TermValue::Below) => "below".to_owned(),
                Ok(TermValue::Above) => "above".to_owned(),
                Err(flaw) => format!("!{}", name(&flaw)),
            };
            assert_eq!(read, expected, "{} of {text}", field.class_name());
        });
    };
    for (text, expected) in [
        (" 2", "2"),
        ("+2", "2"),
        ("002", "2"),
        ("12.0", "!NotInt"),
        ("1e2", "!NotInt"),
        ("abc", "!NotInt"),
        ("99999999999999999999", "above"),
        ("-99999999999999999999", "below"),
    ] {
        check_term(&Field::int("x").choices([(1_i64, "one")]), text, expected);
    }
    check_term(&Field::truth("x"), "YES", "True");
    check_term(&Field::truth("x"), "on", "False");
    check_term(&Field::decimal("x", 4, 2), "457.9", "457.9");
    check_term(&Field::decimal("x", 4, 2), "1e2000", "above");
    check_term(&Field::decimal("x", 4, 2), "x", "!NotNumber");
    check_term(&Field::line("x", 2), " too long ", " too long ");
    check_term(&Field::line("x", 2), "a\0", "!NulCharacter");
    check_term(&text(TextFormat::Ip), "::FFFF:1.2.3.4", "1.2.3.4");
    check_term(&text(TextFormat::Ip), "1.2.3", "!BadIp");
    check_term(&kind(FieldKind::Uuid), "123E4567E89B12D3A456426614174000", "123e4567-e89b-12d3-a456-426614174000");
    check_term(&Field::one("x", ModelKey::new("t", "Small"), OnDelete::Cascade), "7", "7");
}

fn every_kind() -> Vec<Field> {
    use TextFormat::{Email, Ip, Ipv4, Ipv6, Line, Long, Slug, Url};
    let mut all = vec![
        Field::truth("x").null(),
        Field::int("x"),
        Field::count("x", Width::Big),
        Field::float("x"),
        Field::decimal("x", 10, 2),
        Field::one("x", ModelKey::new("t", "Sign"), OnDelete::Cascade),
        Field::many("x", ModelKey::new("t", "Small"), "j", "a", "b"),
        Field::int("x").choices([(1_i64, "one")]),
        kind(FieldKind::File { folder: String::new(), max: 12, image: true }),
    ];
    all.extend([Line, Long, Slug, Email, Url, Ip, Ipv4, Ipv6].map(text));
    let plain = [FieldKind::Date, FieldKind::Time, FieldKind::DateTime, FieldKind::Duration, FieldKind::Uuid];
    all.extend(plain.map(kind));
    all.extend([FieldKind::Json, FieldKind::Bytes, FieldKind::Auto(Width::Normal)].map(kind));
    all
}

/// Texts that look a little like what is read.
fn likely() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[-+0-9eE._ :TZWP/@a-f\\[\\]%]{0,40}",
        "[0-9]{4}-?[0-9W]{1,3}-?[0-9]{0,2}[T é]?[0-9:.,]{0,20}[Z+-]?[0-9:]{0,8}",
        "(https?|ftp)://[a-z0-9.:@/\\[\\]é-]{0,40}",
    ]
}

proptest! {
    #[test]
    fn nothing_panics(text in likely(), number in any::<f64>(), postgres in any::<bool>()) {
        let dialect = if postgres { Dialect::Postgres } else { Dialect::Sqlite };
        with_reading("Europe/Berlin", dialect, |reading| {
            for field in every_kind() {
                for raw in [Raw::Text(text.clone()), Raw::Json(json!(number)), Raw::Texts(vec![text.clone()])] {
                    let _ = field.read(&raw, reading);
                    let _ = field.read_term(&raw, reading);
                }
            }
        });
    }

    #[test]
    fn what_is_written_is_read_again(number in any::<i64>(), float in -1e300..1e300_f64, cents in -9_999_999_999_i64..9_999_999_999) {
        let cents = bigdecimal::BigDecimal::new(cents.into(), 2);
        let values = [
            (Field::int("x"), Value::Int(number)),
            (Field::float("x"), Value::Float(float)),
            (Field::decimal("x", 10, 2), Value::Decimal(cents)),
        ];
        with_reading("UTC", Dialect::Sqlite, |reading| {
            for (field, value) in values {
                let read = field.read(&Raw::Text(value.to_string()), reading);
                assert_eq!(read, Ok(value));
            }
        });
    }
}
