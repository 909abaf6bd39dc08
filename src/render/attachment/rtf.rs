//! The text of Rich Text Format (Microsoft, RTF specification 1.9.1): words and their lines, no pictures, no objects.

/// Groups that hold no text of the document.
const LEFT_OUT: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "objdata",
    "themedata",
    "colorschememapping",
    "datastore",
    "latentstyles",
    "rsidtbl",
    "generator",
    "listtable",
    "listoverridetable",
    "revtbl",
    "filetbl",
    "fldinst",
    "xmlnstbl",
    "nonshppict",
    "shpinst",
    "bkmkstart",
    "bkmkend",
];

/// Groups of which a reader is told that they are left out.
const PICTURES: &[&str] = &["pict", "object", "objdata", "shpinst"];

/// Deeper groups than this are left out.
const DEPTH: usize = 256;

#[derive(Clone, Copy)]
struct Group {
    hidden: bool,
    /// How many characters follow a `\u` for those who cannot read it.
    skip: usize,
}

/// The text of a document, and whether pictures or objects are left out. Text that is marked as hidden is shown.
pub(super) fn text(bytes: &[u8]) -> (String, bool) {
    let mut out = String::new();
    let mut left_out = false;
    let mut groups: Vec<Group> = Vec::new();
    let mut group = Group { hidden: false, skip: 1 };
    let (mut at, mut to_skip) = (0, 0_usize);
    let mut starred = false;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' => {
                groups.push(group);
                group.hidden |= groups.len() > DEPTH;
                to_skip = 0;
            }
            b'}' => {
                group = groups.pop().unwrap_or(group);
                to_skip = 0;
            }
            b'\r' | b'\n' => {}
            b'\\' => {
                let Some(&next) = bytes.get(at) else { break };
                if next.is_ascii_alphabetic() {
                    let (word, number, end) = control(bytes, at);
                    at = end;
                    let star = std::mem::take(&mut starred);
                    if LEFT_OUT.contains(&word.as_str()) || star && word != "shppict" {
                        left_out |= PICTURES.contains(&word.as_str());
                        group.hidden = true;
                        continue;
                    }
                    if word == "bin" {
                        at += usize::try_from(number.unwrap_or(0)).unwrap_or(0);
                        continue;
                    }
                    if word == "uc" {
                        group.skip = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(8);
                    }
                    if group.hidden {
                        continue;
                    }
                    match word.as_str() {
                        "par" | "line" | "sect" | "page" | "row" => out.push('\n'),
                        "tab" => out.push('\t'),
                        "cell" => out.push_str(" | "),
                        "emdash" => out.push('\u{2014}'),
                        "endash" => out.push('\u{2013}'),
                        "bullet" => out.push('\u{2022}'),
                        "lquote" => out.push('\u{2018}'),
                        "rquote" => out.push('\u{2019}'),
                        "ldblquote" => out.push('\u{201c}'),
                        "rdblquote" => out.push('\u{201d}'),
                        "u" => {
                            let code = number.unwrap_or(0);
                            let code = if code < 0 { code + 65_536 } else { code };
                            out.push(u32::try_from(code).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'));
                            to_skip = group.skip;
                        }
                        _ => {}
                    }
                    continue;
                }
                at += 1;
                let character = match next {
                    b'\'' => {
                        let hex = bytes.get(at..at + 2).and_then(|hex| std::str::from_utf8(hex).ok());
                        at += 2;
                        hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).map(super::windows_1252)
                    }
                    b'*' => {
                        starred = true;
                        None
                    }
                    b'~' => Some('\u{a0}'),
                    b'_' => Some('-'),
                    b'\\' | b'{' | b'}' => Some(char::from(next)),
                    b'\r' | b'\n' => Some('\n'),
                    _ => None,
                };
                push(character, &mut to_skip, group, &mut out);
            }
            _ => push(Some(super::windows_1252(byte)), &mut to_skip, group, &mut out),
        }
    }
    (out.trim().to_owned(), left_out)
}

fn push(character: Option<char>, to_skip: &mut usize, group: Group, out: &mut String) {
    let Some(character) = character else { return };
    if *to_skip > 0 {
        *to_skip -= 1;
    } else if !group.hidden {
        out.push(character);
    }
}

/// A control word, its number, and where it ends.
fn control(bytes: &[u8], from: usize) -> (String, Option<i32>, usize) {
    let mut at = from;
    let mut word = String::new();
    while let Some(byte) = bytes.get(at).filter(|byte| byte.is_ascii_alphabetic() && word.len() < 32) {
        word.push(char::from(*byte));
        at += 1;
    }
    let mut digits = String::new();
    if bytes.get(at) == Some(&b'-') {
        digits.push('-');
        at += 1;
    }
    while let Some(byte) = bytes.get(at).filter(|byte| byte.is_ascii_digit() && digits.len() < 11) {
        digits.push(char::from(*byte));
        at += 1;
    }
    if bytes.get(at) == Some(&b' ') {
        at += 1;
    }
    (word, digits.parse().ok(), at)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn text_comes_out_in_its_lines() {
        for (rtf, expected, left_out) in [
            (
                &br"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 Do \b NOT\b0  give aspirin.\par Thank you}"[..],
                "Do NOT give aspirin.\nThank you",
                false,
            ),
            (br"{\rtf1 Caf\'e9 \u8805?5 \'93mg\'94}", "Caf\u{e9} \u{2265}5 \u{201c}mg\u{201d}", false),
            (br"{\rtf1 a{\*\secret hidden}b{\pict 0102}c}", "abc", true),
            (br"{\rtf1 {\v kept though hidden}}", "kept though hidden", false),
            (br"{\rtf1 \{braces\} \\ }", "{braces} \\", false),
            (br"{\rtf1 cut off \u", "cut off \u{0}", false),
            (br"}}}}", "", false),
        ] {
            assert_eq!(text(rtf), (expected.to_owned(), left_out), "{}", String::from_utf8_lossy(rtf));
        }
    }
}
