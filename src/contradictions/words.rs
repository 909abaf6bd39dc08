//! Text as words and numbers: what is compared, however it is written.

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// Letters, in small ones.
    Word(String),
    /// A number, by its value.
    Number(f64),
    /// Any other sign but white space: `/`, `%`, `+`.
    Sign(char),
}

impl Token {
    /// The word, where it is one.
    pub fn word(&self) -> Option<&str> {
        match self {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// The longest text that is read: what is longer is prose, and not compared.
pub const LONGEST: usize = 20_000;

/// The words, numbers and signs of a text. `75mg` is a number and a word; `2.50` is 2.5; `1,000` is a thousand; `½` is a
/// half. Apostrophes and hyphens inside of words count as spaces.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut letters = text.chars().take(LONGEST).peekable();
    while let Some(letter) = letters.next() {
        match letter {
            _ if letter.is_ascii_digit() => {
                let mut digits = String::from(letter);
                loop {
                    match letters.peek() {
                        Some(next) if next.is_ascii_digit() => digits.push(*next),
                        // A point or comma belongs to the number only where a digit follows.
                        Some('.') if !digits.contains('.') => {
                            let mut ahead = letters.clone();
                            ahead.next();
                            if !ahead.peek().is_some_and(char::is_ascii_digit) {
                                break;
                            }
                            digits.push('.');
                        }
                        Some(',') if !digits.contains('.') => {
                            let mut ahead = letters.clone();
                            ahead.next();
                            let three = ahead.clone().take(3).filter(char::is_ascii_digit).count() == 3;
                            if !three || ahead.nth(3).is_some_and(|next| next.is_ascii_digit()) {
                                break;
                            }
                        }
                        _ => break,
                    }
                    letters.next();
                }
                out.push(digits.parse().map_or(Token::Word(digits), Token::Number));
            }
            '½' => out.push(Token::Number(0.5)),
            '¼' => out.push(Token::Number(0.25)),
            '¾' => out.push(Token::Number(0.75)),
            _ if letter.is_alphabetic() => {
                let mut word: String = fold(letter).collect();
                while let Some(next) = letters.peek() {
                    if !next.is_alphabetic() {
                        break;
                    }
                    word.extend(fold(*next));
                    letters.next();
                }
                out.push(Token::Word(word));
            }
            _ if letter.is_whitespace() || letter.is_control() => {}
            _ => out.push(Token::Sign(letter)),
        }
    }
    out
}

/// A letter in small, without its compatible variants: the micro sign, wide letters.
fn fold(letter: char) -> impl Iterator<Item = char> {
    let plain = match letter {
        'μ' => 'µ',
        'ａ'..='ｚ' | 'Ａ'..='Ｚ' => char::from_u32(letter as u32 - 0xFEE0).unwrap_or(letter),
        _ => letter,
    };
    plain.to_lowercase()
}

/// A word without the ending of its plural.
pub fn stem(word: &str) -> &str {
    match word {
        _ if word.len() <= 3 || word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") => word,
        _ => word.strip_suffix('s').unwrap_or(word),
    }
}

/// A word in the singular, as far as its ending tells: what names are compared by.
pub fn singular(word: &str) -> String {
    match word.strip_suffix("ies") {
        Some(stem) if stem.len() > 2 => format!("{stem}y"),
        _ => stem(word).to_owned(),
    }
}

/// The words of a text that carry its meaning, each without the ending of its plural.
pub fn content(text: &str) -> Vec<String> {
    tokens(text)
        .into_iter()
        .filter_map(|token| match token {
            Token::Word(word) if !is_filler(&word) => Some(singular(&word)),
            _ => None,
        })
        .collect()
}

/// Words that carry no meaning by themselves.
pub fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "and"
            | "any"
            | "as"
            | "at"
            | "by"
            | "due"
            | "for"
            | "from"
            | "has"
            | "in"
            | "is"
            | "its"
            | "of"
            | "on"
            | "or"
            | "other"
            | "s"
            | "the"
            | "to"
            | "was"
            | "with"
    )
}

/// The day of a date or time as it is written, for a sentence.
pub fn day(date: &str) -> String {
    shorten(date.get(..10).unwrap_or(date))
}

/// A quote: white space as one space, at most 120 characters.
pub fn shorten(text: &str) -> String {
    const MOST: usize = 120;
    let mut out = String::new();
    let mut count = 0;
    for word in text.split_whitespace() {
        if count > 0 {
            out.push(' ');
            count += 1;
        }
        for letter in word.chars() {
            if count >= MOST {
                out.push('…');
                return out;
            }
            out.push(letter);
            count += 1;
        }
    }
    out
}
