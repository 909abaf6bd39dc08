//! Appointments of GP Connect: what is asked of a booking beyond its profile.

use crate::check::Checker;
use crate::issue::ExchangeProblem;
use crate::nhs::{self, SystemKind};
use crate::tree::NodeId;

impl<'c> Checker<'c> {
    /// Checks an appointment.
    pub(super) fn gp_appointment(&mut self, node: NodeId) {
        let tree = self.tree;
        for name in ["reason", "specialty"] {
            if let Some(at) = tree.child(node, name) {
                self.tell_at_name(at, ExchangeProblem::AppointmentProhibited { name: name.to_owned() });
            }
        }
        for (name, most) in [("description", 100), ("comment", 500)] {
            let Some(at) = tree.child(node, name) else { continue };
            let found = tree.text(at).map_or(0, |text| text.chars().count());
            if found > most {
                self.tell(at, ExchangeProblem::AppointmentLength { name, most, found });
            }
        }
        self.booking_organisation(node);
        self.slots_together(node);
    }

    /// Who books: a contained organisation with its code, name and telephone number.
    fn booking_organisation(&mut self, node: NodeId) {
        let tree = self.tree;
        let Some(extension) = self.extension_at(node, "BookingOrganisation-1") else {
            let problem = "Nothing says who booked the appointment";
            self.tell_at_name(node, ExchangeProblem::AppointmentBookingOrganisation { problem });
            return;
        };
        let Some(reference) = tree.child(extension, "valueReference") else { return };
        if !tree.child_text(reference, "reference").is_some_and(|text| text.starts_with('#')) {
            let problem = "The booking organisation is not contained in the appointment";
            self.tell(extension, ExchangeProblem::AppointmentBookingOrganisation { problem });
            return;
        }
        let Some(organisation) = self.referred(reference) else { return };
        let is_ods = |identifier: NodeId| {
            let kind = tree.child_text(identifier, "system").and_then(nhs::system).map(|system| system.kind);
            kind == Some(SystemKind::OdsOrganisation) && tree.child(identifier, "value").is_some()
        };
        let problem = if !tree.named(organisation, "identifier").any(is_ods) {
            "The booking organisation has no ODS code"
        } else if tree.child(organisation, "name").is_none() {
            "The booking organisation has no name"
        } else if tree.child(organisation, "telecom").is_none() {
            "The booking organisation has no telephone number"
        } else {
            return;
        };
        self.tell_at_name(organisation, ExchangeProblem::AppointmentBookingOrganisation { problem });
    }

    /// Several slots follow each other and are of one schedule, where they are in the same input.
    fn slots_together(&mut self, node: NodeId) {
        let tree = self.tree;
        let references: Vec<NodeId> = tree.named(node, "slot").collect();
        if references.len() < 2 {
            return;
        }
        let mut slots = Vec::new();
        for reference in &references {
            let Some(slot) = self.referred(*reference).filter(|slot| tree.resource_type(*slot) == Some("Slot")) else {
                return;
            };
            let (Some((_, start)), Some((_, end))) = (self.date(slot, "start"), self.date(slot, "end")) else { return };
            let (Some(start), Some(end)) = (start.seconds(), end.seconds()) else { return };
            slots.push((start, end, *reference, slot));
        }
        crate::order::sort_by_key(&mut slots, |(start, ..)| *start);
        for pair in slots.windows(2) {
            let [(_, end, _, one), (start, _, at, other)] = pair else { continue };
            let schedule =
                |slot: NodeId| tree.child(slot, "schedule").and_then(|schedule| tree.child_text(schedule, "reference"));
            let problem = if start != end {
                "The slots do not follow each other"
            } else if schedule(*one) != schedule(*other) {
                "The slots are of different schedules"
            } else {
                continue;
            };
            self.tell(*at, ExchangeProblem::AppointmentSlots { problem });
        }
    }
}
