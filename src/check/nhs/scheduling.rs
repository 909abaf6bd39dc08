//! Appointments, slots and schedules beside one another.

use super::is_before;
use crate::check::{Checker, shorten};
use crate::issue::NhsProblem;
use crate::tree::NodeId;

impl<'c> Checker<'c> {
    pub(super) fn nhs_appointment(&mut self, node: NodeId) {
        let tree = self.tree;
        let status = tree.child_text(node, "status").unwrap_or_default();
        self.nhs_slots(node, status);
        self.nhs_duration(node);
        let is_nhs = self.is_nhs(node);
        let is_gp_connect = self.claims_profile(node, "GPConnect-Appointment")
            || self.claims_profile(node, "CareConnect-GPC-Appointment");
        if matches!(status, "booked" | "arrived" | "fulfilled") {
            let (mut has_patient, mut has_location, mut is_clear) = (false, false, true);
            for participant in tree.named(node, "participant") {
                match tree.child(participant, "actor").map(|actor| self.referred_type(actor)) {
                    Some(Some("Patient")) => has_patient = true,
                    Some(Some("Location")) => has_location = true,
                    Some(Some(_)) => {}
                    // What an actor is cannot always be told.
                    Some(None) | None => is_clear = false,
                }
            }
            if is_clear && !has_patient && is_nhs {
                self.found_at_name(node, NhsProblem::AppointmentNoPatient);
            }
            if is_clear && !has_location && is_gp_connect {
                self.found_at_name(node, NhsProblem::AppointmentNoLocation);
            }
        }
        if status == "cancelled" && is_gp_connect {
            let says_why = |extension: NodeId| {
                tree.child_text(extension, "url").is_some_and(|url| url.to_lowercase().contains("cancellationreason"))
            };
            if !tree.named(node, "extension").any(says_why) {
                self.found_at_name(node, NhsProblem::AppointmentNoReason);
            }
        }
    }

    /// The type of what a reference points to: that of the resource, or the one that its URL names.
    fn referred_type(&self, reference: NodeId) -> Option<&'c str> {
        let tree = self.tree;
        if let Some(target) = self.referred(reference) {
            return tree.resource_type(target);
        }
        let text = tree.child_text(reference, "reference")?;
        crate::check::reference::type_in_url(text, |name| self.is_resource_type(name))
    }

    /// An appointment against the slots that it takes.
    fn nhs_slots(&mut self, node: NodeId, status: &str) {
        let tree = self.tree;
        let mut slots = tree.named(node, "slot").peekable();
        if slots.peek().is_none() {
            return;
        }
        let mut span: Option<(NodeId, NodeId)> = None;
        let mut is_all_here = true;
        for reference in slots {
            let Some(slot) = self.referred(reference).filter(|slot| tree.resource_type(*slot) == Some("Slot")) else {
                is_all_here = false;
                continue;
            };
            let slot_status = tree.child_text(slot, "status").unwrap_or_default();
            if matches!(status, "booked" | "arrived") && matches!(slot_status, "free" | "busy-unavailable") {
                let (appointment, slot) = (status.to_owned(), slot_status.to_owned());
                self.found(reference, NhsProblem::SlotStatus { appointment, slot });
            }
            let (Some((from, start)), Some((to, end))) = (self.date(slot, "start"), self.date(slot, "end")) else {
                is_all_here = false;
                continue;
            };
            span = Some(match span {
                None => (from, to),
                Some((first, last)) => {
                    let earlier = self.moment(first).is_some_and(|(_, first)| is_before(&start, &first));
                    let later = self.moment(last).is_some_and(|(_, last)| is_before(&last, &end));
                    (if earlier { from } else { first }, if later { to } else { last })
                }
            });
        }
        let Some((first, last)) = span.filter(|_| is_all_here) else { return };
        self.nhs_inside(node, first, last, |start, end| NhsProblem::AppointmentOutsideSlot { start, end });
    }

    /// A slot against its schedule.
    pub(super) fn nhs_slot(&mut self, node: NodeId) {
        let tree = self.tree;
        let Some(schedule) = self.linked(node, "schedule") else { return };
        let Some(horizon) = tree.child(schedule, "planningHorizon") else { return };
        let (Some(first), Some(last)) = (tree.child(horizon, "start"), tree.child(horizon, "end")) else { return };
        self.nhs_inside(node, first, last, |start, end| NhsProblem::SlotOutsideSchedule { start, end });
    }

    /// Whether a resource's `start` and `end` are between two moments.
    fn nhs_inside(
        &mut self,
        node: NodeId,
        first: NodeId,
        last: NodeId,
        problem: impl Fn(String, String) -> NhsProblem,
    ) {
        let tree = self.tree;
        let (Some((_, from)), Some((_, to))) = (self.moment(first), self.moment(last)) else { return };
        let starts_early = self.date(node, "start").filter(|(_, start)| is_before(start, &from));
        let ends_late = self.date(node, "end").filter(|(_, end)| is_before(&to, end));
        if let Some((at, _)) = starts_early.or(ends_late) {
            let text = |at| shorten(tree.text(at).unwrap_or_default());
            self.found(at, problem(text(first), text(last)));
        }
    }

    /// The minutes of an appointment against its start and end.
    fn nhs_duration(&mut self, node: NodeId) {
        let tree = self.tree;
        let Some(at) = tree.child(node, "minutesDuration") else { return };
        let Some(text) = tree.text(at) else { return };
        let (Some((_, start)), Some((_, end))) = (self.date(node, "start"), self.date(node, "end")) else { return };
        let (Some(start), Some(end), Ok(minutes)) = (start.seconds(), end.seconds(), text.parse::<i64>()) else {
            return;
        };
        let found = (end - start) / 60;
        if found >= 0 && found != minutes {
            self.found(at, NhsProblem::AppointmentDuration { minutes: shorten(text), found });
        }
    }
}
