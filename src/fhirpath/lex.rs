//! An expression's text to tokens.

use super::SyntaxError;

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    /// A name, or a word that has a meaning in some places.
    Word(String),
    /// A name in backticks or, as STU3's FHIRPath had it, in double quotes.
    Quoted(String),
    /// Text in single quotes.
    String(String),
    /// A number as written.
    Number(String),
    /// A whole number with `L` after it.
    Long(String),
    /// What stands after an `@`.
    Moment(String),
    /// A name after a `%`.
    External(String),
    /// A name after a `$`.
    Special(String),
    /// An operator or a bracket.
    Symbol(&'static str),
    /// The end of the text.
    End,
}

impl Token {
    /// The token for a message.
    pub(crate) fn describe(&self) -> String {
        match self {
            Token::Word(text) => format!("\"{text}\""),
            Token::Quoted(text) => format!("the name `{text}`"),
            Token::String(text) => format!("the text '{text}'"),
            Token::Number(text) => format!("the number {text}"),
            Token::Long(text) => format!("the number {text}L"),
            Token::Moment(text) => format!("the date or time @{text}"),
            Token::External(name) => format!("%{name}"),
            Token::Special(name) => format!("${name}"),
            Token::Symbol(symbol) => format!("\"{symbol}\""),
            Token::End => "the end of the expression".to_owned(),
        }
    }
}

/// Longer symbols stand before those that they start with.
const SYMBOLS: &[&str] =
    &["<=", ">=", "!=", "!~", ".", ",", "(", ")", "[", "]", "{", "}", "+", "-", "*", "/", "&", "|", "=", "~", "<", ">"];

pub(crate) struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

fn is_name_start(letter: char) -> bool {
    letter.is_ascii_alphabetic() || letter == '_'
}

fn is_name_part(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Lexer { text, at: 0 }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn fault<T>(&self, offset: usize, expected: &str, found: &str) -> Result<T, SyntaxError> {
        Err(SyntaxError { offset, expected: expected.to_owned(), found: found.to_owned() })
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|letter| !wanted(letter)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or("")
    }

    fn skip_blank(&mut self) -> Result<(), SyntaxError> {
        loop {
            self.take_while(|letter| letter.is_whitespace() || letter == '\u{FEFF}');
            if self.rest().starts_with("//") {
                self.take_while(|letter| letter != '\n' && letter != '\r');
            } else if self.rest().starts_with("/*") {
                match self.rest().find("*/") {
                    Some(length) => self.at += length + 2,
                    None => {
                        return self.fault(
                            self.at,
                            "*/ after the comment that starts here",
                            "the end of the expression",
                        );
                    }
                }
            } else {
                return Ok(());
            }
        }
    }

    /// The next token and where it starts.
    pub(crate) fn next(&mut self) -> Result<(Token, usize), SyntaxError> {
        self.skip_blank()?;
        let start = self.at;
        let Some(first) = self.rest().chars().next() else { return Ok((Token::End, start)) };
        let token = match first {
            '\'' => Token::String(self.quoted('\'')?),
            '`' | '"' => Token::Quoted(self.quoted(first)?),
            '@' => {
                self.at += 1;
                Token::Moment(self.moment().to_owned())
            }
            '%' => {
                self.at += 1;
                match self.rest().chars().next() {
                    Some(quote @ ('`' | '"' | '\'')) => Token::External(self.quoted(quote)?),
                    // STU3's own definitions write `%vs-name` and `%ext-name` without quotes.
                    Some(letter) if is_name_start(letter) => {
                        let name = self.take_while(is_name_part);
                        if matches!(name, "vs" | "ext") && self.rest().starts_with('-') {
                            self.take_while(|letter| is_name_part(letter) || letter == '-');
                        }
                        Token::External(self.text.get(start + 1..self.at).unwrap_or("").to_owned())
                    }
                    _ => return self.fault(start, "the name of a constant after %", "something else"),
                }
            }
            '$' => {
                self.at += 1;
                Token::Special(self.take_while(is_name_part).to_owned())
            }
            letter if letter.is_ascii_digit() => self.number(),
            letter if is_name_start(letter) => Token::Word(self.take_while(is_name_part).to_owned()),
            other => match SYMBOLS.iter().find(|symbol| self.rest().starts_with(**symbol)) {
                Some(symbol) => {
                    self.at += symbol.len();
                    Token::Symbol(symbol)
                }
                None => return self.fault(start, "a name, a value or an operator", &format!("\"{other}\"")),
            },
        };
        Ok((token, start))
    }

    fn number(&mut self) -> Token {
        let start = self.at;
        self.take_while(|letter| letter.is_ascii_digit());
        let rest = self.rest();
        if rest.starts_with('.') && rest.chars().nth(1).is_some_and(|letter| letter.is_ascii_digit()) {
            self.at += 1;
            self.take_while(|letter| letter.is_ascii_digit());
        } else if rest.starts_with('L') && !rest.chars().nth(1).is_some_and(is_name_part) {
            self.at += 1;
            return Token::Long(self.text.get(start..self.at - 1).unwrap_or("").to_owned());
        }
        Token::Number(self.text.get(start..self.at).unwrap_or("").to_owned())
    }

    /// A date, a dateTime or a time: a dot belongs to it only between seconds and digits, so that a function can follow.
    fn moment(&mut self) -> &'t str {
        let start = self.at;
        let digit = |letter: char| letter.is_ascii_digit();
        self.take_while(|letter| digit(letter) || letter == '-');
        if self.rest().starts_with('T') {
            self.at += 1;
            self.take_while(|letter| digit(letter) || letter == ':');
            if self.rest().starts_with('.') && self.rest().chars().nth(1).is_some_and(digit) {
                self.at += 1;
                self.take_while(digit);
            }
            let offset = self.rest().as_bytes();
            if offset.first() == Some(&b'Z') {
                self.at += 1;
            } else if let [b'+' | b'-', a, b, b':', c, d, ..] = offset
                && [a, b, c, d].iter().all(|byte| byte.is_ascii_digit())
            {
                self.at += 6;
            }
        }
        self.text.get(start..self.at).unwrap_or("")
    }

    fn quoted(&mut self, quote: char) -> Result<String, SyntaxError> {
        let start = self.at;
        self.at += quote.len_utf8();
        let mut out = String::new();
        loop {
            let Some(letter) = self.rest().chars().next() else {
                return self.fault(
                    start,
                    &format!("{quote} after the text that starts here"),
                    "the end of the expression",
                );
            };
            self.at += letter.len_utf8();
            if letter == quote {
                return Ok(out);
            }
            if letter != '\\' {
                out.push(letter);
                continue;
            }
            let escape = self.at - 1;
            let Some(letter) = self.rest().chars().next() else { continue };
            self.at += letter.len_utf8();
            match letter {
                '\'' | '"' | '`' | '\\' | '/' => out.push(letter),
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                'f' => out.push('\u{c}'),
                'u' => {
                    let digits = self.rest().get(..4).unwrap_or("");
                    let code =
                        u32::from_str_radix(digits, 16).ok().filter(|_| digits.bytes().all(|b| b.is_ascii_hexdigit()));
                    let Some(code) = code else {
                        return self.fault(escape, "four hexadecimal digits after \\u", &format!("\"{digits}\""));
                    };
                    out.push(char::from_u32(code).unwrap_or('\u{FFFD}'));
                    self.at += 4;
                }
                // STU3's definitions escape letters of regular expressions (`\d`, `\-`) once where twice is right; the
                // backslash is kept, as the reference validator keeps it out of harm's way.
                other => {
                    out.push('\\');
                    out.push(other);
                }
            }
        }
    }
}
