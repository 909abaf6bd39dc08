//! Numbers and texts to and from bytes: what packs are made of. Reading checks every bound, so that no bytes, however
//! damaged, do more than give [`Damaged`].

/// The bytes end too early, or hold what cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged;

/// Reads from a slice; a clone reads on from the same place.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Reads from the start.
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { bytes, at: 0 }
    }

    /// Reads from an offset; one past the end leaves nothing to read.
    pub fn at(bytes: &'a [u8], at: usize) -> Self {
        Reader { bytes, at }
    }

    /// Where the next byte comes from.
    pub fn position(&self) -> usize {
        self.at
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    /// The next `len` bytes.
    pub fn take(&mut self, len: usize) -> Result<&'a [u8], Damaged> {
        let end = self.at.checked_add(len).ok_or(Damaged)?;
        let taken = self.bytes.get(self.at..end).ok_or(Damaged)?;
        self.at = end;
        Ok(taken)
    }

    /// One byte.
    pub fn u8(&mut self) -> Result<u8, Damaged> {
        let byte = *self.bytes.get(self.at).ok_or(Damaged)?;
        self.at += 1;
        Ok(byte)
    }

    /// Four bytes, least significant first.
    pub fn fixed(&mut self) -> Result<u32, Damaged> {
        self.take(4)?.try_into().map(u32::from_le_bytes).map_err(|_| Damaged)
    }

    /// A number in one to five bytes of seven bits, least significant first.
    pub fn number(&mut self) -> Result<u32, Damaged> {
        let mut value = 0u32;
        for shift in [0u32, 7, 14, 21, 28] {
            let byte = self.u8()?;
            let bits = u32::from(byte & 0x7f);
            if shift == 28 && bits > 0x0f {
                return Err(Damaged);
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Damaged)
    }

    /// How many items follow, each of at least one byte: never more than there are bytes left.
    pub fn count(&mut self) -> Result<usize, Damaged> {
        let count = self.number()? as usize;
        if count <= self.left() { Ok(count) } else { Err(Damaged) }
    }

    /// A text: its length in bytes, then UTF-8.
    pub fn text(&mut self) -> Result<&'a str, Damaged> {
        let len = self.number()? as usize;
        utf8(self.take(len)?)
    }

    /// A text that may be missing.
    pub fn option(&mut self) -> Result<Option<&'a str>, Damaged> {
        match self.u8()? {
            0 => Ok(None),
            1 => self.text().map(Some),
            _ => Err(Damaged),
        }
    }
}

/// Bytes as text.
pub fn utf8(bytes: &[u8]) -> Result<&str, Damaged> {
    std::str::from_utf8(bytes).map_err(|_| Damaged)
}

/// Writes what [`Reader`] reads.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    /// What was written.
    pub bytes: Vec<u8>,
}

impl Writer {
    /// One byte.
    pub fn u8(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Four bytes, least significant first.
    pub fn fixed(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// A number in one to five bytes.
    pub fn number(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    /// A length or an index.
    pub fn size(&mut self, value: usize) {
        self.number(u32::try_from(value).unwrap_or(u32::MAX));
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.size(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// A text that may be missing.
    pub fn option(&mut self, text: Option<&str>) {
        match text {
            None => self.u8(0),
            Some(text) => {
                self.u8(1);
                self.text(text);
            }
        }
    }

    /// Other bytes, after their length.
    pub fn block(&mut self, bytes: &[u8]) {
        self.size(bytes.len());
        self.bytes.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_come_back() {
        let mut writer = Writer::default();
        let numbers = [0, 1, 127, 128, 300, 16_383, 16_384, u32::MAX - 1, u32::MAX];
        numbers.iter().for_each(|number| writer.number(*number));
        writer.text("Zoë");
        writer.option(None);
        writer.option(Some(""));
        writer.fixed(7);
        let mut reader = Reader::new(&writer.bytes);
        for number in numbers {
            assert_eq!(reader.number(), Ok(number));
        }
        assert_eq!(reader.text(), Ok("Zoë"));
        assert_eq!(reader.option(), Ok(None));
        assert_eq!(reader.option(), Ok(Some("")));
        assert_eq!(reader.fixed(), Ok(7));
        assert_eq!(reader.left(), 0);
        assert_eq!(reader.u8(), Err(Damaged));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for bytes in [&[][..], &[0x80], &[0xff, 0xff, 0xff, 0xff, 0x10], &[0x80, 0x80, 0x80, 0x80, 0x80, 0]] {
            assert_eq!(Reader::new(bytes).number(), Err(Damaged), "{bytes:?}");
        }
        for bytes in [&[5, b'a'][..], &[1, 0xff], &[0xff, 0xff, 0xff, 0xff, 0x0f]] {
            assert_eq!(Reader::new(bytes).text(), Err(Damaged), "{bytes:?}");
        }
        assert_eq!(Reader::new(&[2, 0]).option(), Err(Damaged));
        assert_eq!(Reader::new(&[9, 0]).count(), Err(Damaged));
        assert_eq!(Reader::at(&[1], 5).u8(), Err(Damaged));
    }
}
