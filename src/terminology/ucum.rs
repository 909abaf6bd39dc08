//! Units of measure: whether a text is a unit of the Unified Code for Units of Measure, by its grammar and its table of
//! unit symbols (UCUM 2.2, case-sensitive).
//!
//! A crate that does it (octofhir-ucum 0.9) converts units as well, and would make the WebAssembly module a seventh larger;
//! the grammar and the symbols are all that a code needs. tests/ucum.rs holds this against the units that clinicians use.

/// Symbols that take a metric prefix.
const METRIC: &str = "A B B[10.nV] B[SPL] B[V] B[W] B[kW] B[mV] B[uV] Bd Bi Bq By C Cel Ci F G Gal Gb Gy H Hz J K Ky L Lmb Mx N Np Oe \
    Ohm P Pa R RAD REM S St Sv T U V W Wb [G] [IU] [c] [e] [eps_0] [g] [h] [iU] [k] [ly] [m_e] [m_p] [mu_0] ar bar \
    bit cal cal_IT cal_[15] cal_[20] cal_m cal_th cd dyn eV eq erg g g% gf kat l lm lx m m[H2O] m[Hg] mho mol osm pc \
    ph rad s sb sr st t tex u";

/// Symbols that stand alone.
const PLAIN: &str = "% %[slope] ' '' 10* 10^ AU Ao [APL'U] [AU] [Amb'a'1'U] [BAU] [Btu] [Btu_39] [Btu_59] [Btu_60] [Btu_IT] [Btu_m] \
    [Btu_th] [CCID_50] [CFU] [Cal] [Ch] [D'ag'U] [EID_50] [ELU] [EU] [FEU] [FFU] [FNU] [GPL'U] [HPF] [HP] [IR] [LPF] \
    [Lf] [MET] [MPL'U] [NTU] [PFU] [PNU] [PRU] [S] [TCID_50] [USP'U] [acr_br] [acr_us] [anti'Xa'U] [arb'U] [bbl_us] \
    [bdsk'U] [beth'U] [bf_i] [bu_br] [bu_us] [car_Au] [car_m] [cft_i] [ch_br] [ch_us] [cicero] [cin_i] [cml_i] \
    [cr_i] [crd_us] [cup_m] [cup_us] [cyd_i] [degF] [degR] [degRe] [den] [didot] [diop] [dpt_us] [dqt_us] [dr_ap] \
    [dr_av] [drp] [dye'U] [fdr_br] [fdr_us] [foz_br] [foz_m] [foz_us] [ft_br] [ft_i] [ft_us] [fth_br] [fth_i] \
    [fth_us] [fur_us] [gal_br] [gal_us] [gal_wi] [gil_br] [gil_us] [gr] [hd_i] [hnsf'U] [hp'_C] [hp'_M] [hp'_Q] \
    [hp'_X] [hp_C] [hp_M] [hp_Q] [hp_X] [in_br] [in_i'H2O] [in_i'Hg] [in_i] [in_us] [ka'U] [kn_br] [kn_i] [knk'U] \
    [kp_C] [kp_M] [kp_Q] [kp_X] [lb_ap] [lb_av] [lb_tr] [lbf_av] [lcwt_av] [ligne] [lk_br] [lk_us] [lne] [lton_av] \
    [m/s2/Hz^(1/2)] [mclg'U] [mesh_i] [mi_br] [mi_i] [mi_us] [mil_i] [mil_us] [min_br] [min_us] [nmi_br] [nmi_i] \
    [oz_ap] [oz_av] [oz_m] [oz_tr] [p'diop] [pH] [pc_br] [pca] [pca_pr] [pi] [pied] [pk_br] [pk_us] [pnt] [pnt_pr] \
    [pouce] [ppb] [ppm] [ppth] [pptr] [psi] [pt_br] [pt_us] [pwt_tr] [qt_br] [qt_us] [rch_us] [rd_br] [rd_us] \
    [rlk_us] [sc_ap] [sct] [scwt_av] [sft_i] [sin_i] [smgy'U] [smi_us] [smoot] [srd_us] [ston_av] [stone_av] [syd_i] \
    [tb'U] [tbs_m] [tbs_us] [todd'U] [tsp_m] [tsp_us] [twp] [wood'U] [yd_br] [yd_i] [yd_us] a a_g a_j a_t atm att b \
    bit_s circ d deg gon h min mo mo_g mo_j mo_s sph wk";

/// The metric prefixes, and those of powers of two.
const PREFIXES: [&str; 24] = [
    "Ki", "Mi", "Gi", "Ti", "da", "Y", "Z", "E", "P", "T", "G", "M", "k", "h", "d", "c", "m", "u", "n", "p", "f", "a",
    "z", "y",
];

/// How deep brackets may stand in each other.
const DEEPEST: usize = 32;

/// Whether a text is a unit.
pub fn is_unit(text: &str) -> bool {
    let mut parser = Parser { rest: text };
    text.bytes().all(|byte| (b'!'..=b'~').contains(&byte)) && parser.term(0).is_some() && parser.rest.is_empty()
}

struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    fn next(&self) -> Option<u8> {
        self.rest.bytes().next()
    }

    fn take(&mut self, len: usize) -> Option<&'t str> {
        let (taken, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(taken)
    }

    /// `["/"] component *(("." / "/") component)` (UCUM §7).
    fn term(&mut self, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        if self.next() == Some(b'/') {
            self.take(1)?;
        }
        self.component(depth)?;
        while matches!(self.next(), Some(b'.' | b'/')) {
            self.take(1)?;
            self.component(depth)?;
        }
        Some(())
    }

    fn component(&mut self, depth: usize) -> Option<()> {
        match self.next()? {
            b'(' => {
                self.take(1)?;
                self.term(depth + 1)?;
                (self.take(1)? == ")").then_some(())
            }
            b'{' => self.annotation(),
            _ => {
                let run = self.rest.get(..self.run()?)?;
                self.take(run.len())?;
                let symbol = run.trim_end_matches(|c: char| c.is_ascii_digit());
                // A run of digits alone is a number; digits after a symbol are its power.
                if !symbol.is_empty() {
                    if !is_symbol(symbol) {
                        return None;
                    }
                    if symbol.len() == run.len() && matches!(self.next(), Some(b'+' | b'-')) {
                        self.take(1)?;
                        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
                        self.take(digits).filter(|digits| !digits.is_empty())?;
                    }
                } else if run.bytes().all(|byte| byte == b'0') {
                    return None;
                }
                if self.next() == Some(b'{') { self.annotation() } else { Some(()) }
            }
        }
    }

    /// The length of what can be a symbol with its power: characters that separate nothing, and whatever stands in square
    /// brackets (UCUM §3, §5).
    fn run(&self) -> Option<usize> {
        let mut is_inside = false;
        for (at, byte) in self.rest.bytes().enumerate() {
            match byte {
                b'[' if !is_inside => is_inside = true,
                b']' if is_inside => is_inside = false,
                b'[' | b']' => return None,
                _ if is_inside => {}
                b'.' | b'/' | b'(' | b')' | b'{' | b'}' | b'+' | b'-' => return (at > 0).then_some(at),
                b'"' | b'=' => return None,
                _ => {}
            }
        }
        (!is_inside).then_some(self.rest.len())
    }

    /// `{` any characters but braces `}` (UCUM §6).
    fn annotation(&mut self) -> Option<()> {
        self.take(1)?;
        let end = self.rest.find(['{', '}'])?;
        (end > 0 && self.rest.as_bytes().get(end) == Some(&b'}')).then_some(())?;
        self.take(end + 1)?;
        Some(())
    }
}

fn is_symbol(text: &str) -> bool {
    let is_in = |list: &str, text: &str| list.split_ascii_whitespace().any(|symbol| symbol == text);
    let metric = |rest: &str| is_in(METRIC, rest);
    metric(text) || is_in(PLAIN, text) || PREFIXES.iter().any(|prefix| text.strip_prefix(prefix).is_some_and(metric))
}
