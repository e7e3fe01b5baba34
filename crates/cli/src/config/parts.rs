//! What a model's admin is made of beside its options, as typed: actions, columns, filters, panels, pages.

use super::node::Table;
use super::reader::{Reader, Said};
use crate::complaint::Place;

/// A `[[model.action]]`.
#[derive(Debug, Default)]
pub(crate) struct ActionWritten {
    pub(crate) name: Option<Said>,
    pub(crate) description: Option<String>,
    /// The contracts that offer it; all if not said.
    pub(crate) contracts: Option<Vec<Said>>,
    /// `one` or `batch`.
    pub(crate) target: Option<Said>,
    pub(crate) permissions: Option<Vec<Said>>,
    pub(crate) any_permission: Option<Vec<Said>>,
    pub(crate) only: Option<Table>,
    pub(crate) set: Option<Table>,
    pub(crate) add: Option<Table>,
    pub(crate) message: Option<String>,
    pub(crate) messages: Vec<MessageWritten>,
    pub(crate) redirect: Option<String>,
    pub(crate) reply: Option<Table>,
    pub(crate) destructive: bool,
}

/// One of an action's `messages`.
#[derive(Debug, Default)]
pub(crate) struct MessageWritten {
    pub(crate) level: Option<Said>,
    pub(crate) text: String,
}

/// A `[[model.column]]`, or one of an inline.
#[derive(Debug, Default, Clone)]
pub(crate) struct ColumnWritten {
    pub(crate) place: Place,
    pub(crate) name: Option<Said>,
    pub(crate) description: Option<String>,
    pub(crate) template: Option<Said>,
    /// `app.Model.field`: rows that point here are counted.
    pub(crate) count: Option<Said>,
    pub(crate) ordering: Option<Said>,
    pub(crate) boolean: bool,
    pub(crate) markup: bool,
}

/// A `[[model.filter]]`.
#[derive(Debug, Default)]
pub(crate) struct FilterWritten {
    pub(crate) parameter_name: Option<Said>,
    pub(crate) title: Option<String>,
    pub(crate) lookups: Vec<LookupWritten>,
    pub(crate) initial: Option<Said>,
}

/// One value of a filter.
#[derive(Debug, Default)]
pub(crate) struct LookupWritten {
    pub(crate) value: String,
    pub(crate) label: Option<String>,
    pub(crate) rows: Option<Table>,
}

/// A `[[model.panel]]`.
#[derive(Debug, Default)]
pub(crate) struct PanelWritten {
    pub(crate) name: Option<Said>,
    pub(crate) parts: Vec<PartWritten>,
}

/// One of a panel's `parts`: something of the row, or of the rows of a model that point to it.
#[derive(Debug, Default)]
pub(crate) struct PartWritten {
    /// Under which key it is shown.
    pub(crate) name: Option<String>,
    pub(crate) template: Option<Said>,
    /// Whether the template means yes or no.
    pub(crate) boolean: bool,
    /// `app.Model.field`, here and in the next two.
    pub(crate) count: Option<Said>,
    pub(crate) sum: Option<Said>,
    pub(crate) list: Option<Said>,
    /// The column that is added up.
    pub(crate) field: Option<Said>,
    /// The columns that are listed.
    pub(crate) fields: Option<Vec<Said>>,
    pub(crate) rows: Option<Table>,
    pub(crate) ordering: Option<Vec<Said>>,
    pub(crate) limit: Option<u64>,
}

/// A `[[model.view]]`: a page of somebody else's that belongs to the model.
#[derive(Debug, Default)]
pub(crate) struct ViewWritten {
    pub(crate) name: Option<Said>,
    pub(crate) label: Option<String>,
    pub(crate) path: Option<Said>,
}

impl ActionWritten {
    pub(super) fn of(reader: &mut Reader<'_>) -> ActionWritten {
        let action = ActionWritten {
            name: reader.said("name"),
            description: reader.text("description"),
            contracts: reader.texts("contracts"),
            target: reader.said("target"),
            permissions: reader.texts("permissions"),
            any_permission: reader.texts("any_permission"),
            only: reader.table("only"),
            set: reader.table("set"),
            add: reader.table("add"),
            message: reader.text("message"),
            messages: reader.sections("messages", MessageWritten::of),
            redirect: reader.text("redirect"),
            reply: reader.table("reply"),
            destructive: reader.truth("destructive").unwrap_or(false),
        };
        if action.name.is_none() {
            reader.complain("C005", "name", "a [[model.action]] needs a 'name'".to_owned());
        }
        let says = [action.message.is_some(), !action.messages.is_empty(), action.reply.is_some()];
        if says.into_iter().filter(|said| *said).count() > 1 {
            let words = "an action says either 'message', 'messages' or 'reply'";
            reader.complain("C005", "message", words.to_owned());
        }
        action
    }
}

impl MessageWritten {
    fn of(reader: &mut Reader<'_>) -> MessageWritten {
        let text = reader.text("text");
        if text.is_none() {
            reader.complain("C005", "text", "a message needs a 'text'".to_owned());
        }
        MessageWritten { level: reader.said("level"), text: text.unwrap_or_default() }
    }
}

impl ColumnWritten {
    pub(super) fn of(reader: &mut Reader<'_>) -> ColumnWritten {
        let column = ColumnWritten {
            place: reader.own_place(),
            name: reader.said("name"),
            description: reader.text("description"),
            template: reader.said("template"),
            count: reader.said("count"),
            ordering: reader.said("ordering"),
            boolean: reader.truth("boolean").unwrap_or(false),
            markup: reader.truth("markup").unwrap_or(false),
        };
        if column.name.is_none() {
            reader.complain("C005", "name", "a computed column needs a 'name'".to_owned());
        }
        if column.template.is_some() == column.count.is_some() {
            let words =
                "a computed column needs either 'template' (over the row's fields) or 'count' (\"app.Model.field\")";
            reader.complain("C005", "template", words.to_owned());
        }
        column
    }
}

impl FilterWritten {
    pub(super) fn of(reader: &mut Reader<'_>) -> FilterWritten {
        let filter = FilterWritten {
            parameter_name: reader.said("parameter_name"),
            title: reader.text("title"),
            lookups: reader.sections("lookups", LookupWritten::of),
            initial: reader.said("initial"),
        };
        if filter.parameter_name.is_none() || filter.lookups.is_empty() {
            let words = "a [[model.filter]] needs a 'parameter_name' and 'lookups'";
            reader.complain("C005", "parameter_name", words.to_owned());
        }
        filter
    }
}

impl LookupWritten {
    fn of(reader: &mut Reader<'_>) -> LookupWritten {
        let value = reader.text("value");
        if value.is_none() {
            reader.complain("C005", "value", "a lookup needs a 'value': what the parameter says".to_owned());
        }
        LookupWritten { value: value.unwrap_or_default(), label: reader.text("label"), rows: reader.table("rows") }
    }
}

impl PanelWritten {
    pub(super) fn of(reader: &mut Reader<'_>) -> PanelWritten {
        let panel = PanelWritten { name: reader.said("name"), parts: reader.sections("parts", PartWritten::of) };
        if panel.name.is_none() || panel.parts.is_empty() {
            reader.complain("C005", "name", "a [[model.panel]] needs a 'name' and 'parts'".to_owned());
        }
        panel
    }
}

impl PartWritten {
    fn of(reader: &mut Reader<'_>) -> PartWritten {
        let part = PartWritten {
            name: reader.text("name"),
            template: reader.said("template"),
            boolean: reader.truth("boolean").unwrap_or(false),
            count: reader.said("count"),
            sum: reader.said("sum"),
            list: reader.said("list"),
            field: reader.said("field"),
            fields: reader.texts("fields"),
            rows: reader.table("rows"),
            ordering: reader.texts("ordering"),
            limit: reader.number("limit"),
        };
        if let Some(words) = part.flaw() {
            reader.complain("C005", "name", words.to_owned());
        }
        part
    }

    /// What does not fit together.
    fn flaw(&self) -> Option<&'static str> {
        let sources = [&self.template, &self.count, &self.sum, &self.list];
        if self.name.is_none() || sources.into_iter().flatten().count() != 1 {
            return Some("a panel's part needs a 'name' and one of 'template', 'count', 'sum' and 'list'");
        }
        if self.sum.is_some() != self.field.is_some() {
            return Some("a panel's 'sum' needs 'field': the column that is added up; nothing else has one");
        }
        if self.list.is_some() != self.fields.is_some() {
            return Some("a panel's 'list' needs 'fields': the columns that are shown; nothing else has them");
        }
        let only_of_lists = self.ordering.is_some() || self.limit.is_some();
        (only_of_lists && self.list.is_none()).then_some("'ordering' and 'limit' are for a panel's 'list' alone")
    }
}

impl ViewWritten {
    pub(super) fn of(reader: &mut Reader<'_>) -> ViewWritten {
        let view = ViewWritten { name: reader.said("name"), label: reader.text("label"), path: reader.said("path") };
        if view.name.is_none() || view.path.is_none() {
            reader.complain("C005", "name", "a [[model.view]] needs a 'name' and a 'path'".to_owned());
        }
        view
    }
}
