//! `[[model]]` and `[[widget]]`: models, fields and widgets as typed.

use super::litestar::LitestarModelWritten;
use super::node::{Node, Table};
use super::options::OptionsWritten;
use super::parts::{ActionWritten, ColumnWritten, FilterWritten, PanelWritten, ViewWritten};
use super::reader::{Reader, Said};
use super::resolve::Door;
use crate::complaint::Place;

/// A `[[model]]`.
#[derive(Debug, Default)]
pub(crate) struct ModelWritten {
    pub(crate) place: Place,
    pub(crate) name: Option<Said>,
    pub(crate) table: Option<Said>,
    pub(crate) label: Option<Said>,
    pub(crate) verbose_name: Option<String>,
    pub(crate) verbose_name_plural: Option<String>,
    pub(crate) primary_key: Option<Said>,
    pub(crate) ordering: Option<Vec<Said>>,
    pub(crate) unique_together: Option<Vec<Vec<Said>>>,
    pub(crate) unique: Vec<UniqueWritten>,
    /// The order of fields; those that are not named follow.
    pub(crate) field_order: Vec<Said>,
    /// Whether the model is administered; otherwise it is only known.
    pub(crate) managed: bool,
    pub(crate) options: OptionsWritten,
    pub(crate) conjure: Option<OptionsWritten>,
    pub(crate) django_admin: Option<OptionsWritten>,
    pub(crate) litestar: Option<LitestarModelWritten>,
    pub(crate) fields: Vec<FieldWritten>,
    pub(crate) actions: Vec<ActionWritten>,
    pub(crate) columns: Vec<ColumnWritten>,
    pub(crate) filters: Vec<FilterWritten>,
    pub(crate) panels: Vec<PanelWritten>,
    pub(crate) views: Vec<ViewWritten>,
}

/// A `[model.field.NAME]`.
#[derive(Debug, Default)]
pub(crate) struct FieldWritten {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) kind: Option<Said>,
    pub(crate) column: Option<Said>,
    pub(crate) verbose_name: Option<String>,
    pub(crate) help_text: Option<String>,
    pub(crate) null: Option<bool>,
    pub(crate) blank: Option<bool>,
    pub(crate) editable: Option<bool>,
    pub(crate) unique: Option<bool>,
    pub(crate) secret: Option<bool>,
    pub(crate) default: Option<Node>,
    pub(crate) choices: Option<Node>,
    pub(crate) to: Option<Said>,
    pub(crate) to_field: Option<String>,
    pub(crate) on_delete: Option<Said>,
    pub(crate) max_length: Option<u32>,
    pub(crate) min_length: Option<u32>,
    pub(crate) digits: Option<u32>,
    pub(crate) places: Option<u32>,
    pub(crate) upload_to: Option<String>,
    pub(crate) auto_now: bool,
    pub(crate) auto_now_add: bool,
    pub(crate) min: Option<Node>,
    pub(crate) max: Option<Node>,
    pub(crate) pattern: Option<Said>,
    pub(crate) message: Option<String>,
    /// Unique within the day, month and year of these fields.
    pub(crate) unique_for: [Option<Said>; 3],
    /// Which family an address must be of.
    pub(crate) protocol: Option<Said>,
    pub(crate) related_name: Option<String>,
    pub(crate) through: Option<ThroughWritten>,
    pub(crate) storage: Option<Said>,
}

/// `through = { table = …, near = …, far = … }`.
#[derive(Debug, Default)]
pub(crate) struct ThroughWritten {
    pub(crate) table: Option<String>,
    pub(crate) near: Option<String>,
    pub(crate) far: Option<String>,
    pub(crate) model: Option<Said>,
    pub(crate) symmetrical: Option<bool>,
}

/// A `[[model.unique]]`: fields that no two rows may have alike, and what is said otherwise.
#[derive(Debug, Default)]
pub(crate) struct UniqueWritten {
    pub(crate) place: Place,
    pub(crate) fields: Vec<Said>,
    pub(crate) message: Option<String>,
}

/// A `[[widget]]`.
#[derive(Debug, Default)]
pub(crate) struct WidgetWritten {
    pub(crate) name: Option<Said>,
    pub(crate) model: Option<Said>,
    /// Counts rows by the values of this field.
    pub(crate) tally: Option<Said>,
    /// Shows these fields of some rows.
    pub(crate) fields: Option<Vec<Said>>,
    pub(crate) rows: Option<Table>,
    pub(crate) ordering: Option<Vec<Said>>,
    pub(crate) limit: Option<u64>,
}

impl ModelWritten {
    pub(super) fn of(reader: &mut Reader<'_>) -> ModelWritten {
        let model = ModelWritten {
            place: reader.own_place(),
            name: reader.said("name"),
            table: reader.said("table"),
            label: reader.said("label"),
            verbose_name: reader.text("verbose_name"),
            verbose_name_plural: reader.text("verbose_name_plural"),
            primary_key: reader.said("primary_key"),
            unique_together: reader.groups("unique_together"),
            unique: reader.sections("unique", UniqueWritten::of),
            field_order: reader.texts("field_order").unwrap_or_default(),
            managed: reader.truth("managed").unwrap_or(true),
            fields: reader.named("field", FieldWritten::of),
            actions: reader.sections("action", ActionWritten::of),
            columns: reader.sections("column", ColumnWritten::of),
            filters: reader.sections("filter", FilterWritten::of),
            panels: reader.sections("panel", PanelWritten::of),
            views: reader.sections("view", ViewWritten::of),
            conjure: reader.section("conjure", |inner| OptionsWritten::of(inner, true)),
            django_admin: reader.section("django_admin", |inner| OptionsWritten::of(inner, true)),
            litestar: reader.section("litestar", LitestarModelWritten::of),
            options: OptionsWritten::of(reader, false),
            ordering: None,
        };
        if model.name.is_none() && model.table.is_none() {
            reader.complain("C005", "name", "a [[model]] needs 'name' (as \"app.Model\") or 'table'".to_owned());
        }
        ModelWritten { ordering: model.options.ordering.clone(), ..model }
    }
}

impl ModelWritten {
    /// What is written for one contract alone.
    pub(crate) fn of_door(&self, door: Door) -> Option<&OptionsWritten> {
        match door {
            Door::Conjure => self.conjure.as_ref(),
            Door::DjangoAdmin => self.django_admin.as_ref(),
            Door::Litestar => self.litestar.as_ref().map(|own| &own.options),
            // What is published says for itself what it tells.
            Door::Packages => None,
        }
    }
}

impl FieldWritten {
    fn of(name: &str, reader: &mut Reader<'_>) -> FieldWritten {
        FieldWritten {
            name: name.to_owned(),
            place: reader.own_place(),
            kind: reader.said("kind"),
            column: reader.said("column"),
            verbose_name: reader.text("verbose_name"),
            help_text: reader.text("help_text"),
            null: reader.truth("null"),
            blank: reader.truth("blank"),
            editable: reader.truth("editable"),
            unique: reader.truth("unique"),
            secret: reader.truth("secret"),
            default: reader.node("default"),
            choices: reader.node("choices"),
            to: reader.said("to"),
            to_field: reader.text("to_field"),
            on_delete: reader.said("on_delete"),
            max_length: reader.size("max_length"),
            min_length: reader.size("min_length"),
            digits: reader.size("digits"),
            places: reader.size("places"),
            upload_to: reader.text("upload_to"),
            auto_now: reader.truth("auto_now").unwrap_or(false),
            auto_now_add: reader.truth("auto_now_add").unwrap_or(false),
            min: reader.node("min"),
            max: reader.node("max"),
            pattern: reader.said("pattern"),
            message: reader.text("message"),
            unique_for: [
                reader.said("unique_for_date"),
                reader.said("unique_for_month"),
                reader.said("unique_for_year"),
            ],
            protocol: reader.said("protocol"),
            related_name: reader.text("related_name"),
            through: reader.section("through", ThroughWritten::of),
            storage: reader.said("storage"),
        }
    }
}

impl ThroughWritten {
    fn of(reader: &mut Reader<'_>) -> ThroughWritten {
        ThroughWritten {
            table: reader.text("table"),
            near: reader.text("near"),
            far: reader.text("far"),
            model: reader.said("model"),
            symmetrical: reader.truth("symmetrical"),
        }
    }
}

impl UniqueWritten {
    fn of(reader: &mut Reader<'_>) -> UniqueWritten {
        let unique = UniqueWritten {
            place: reader.own_place(),
            fields: reader.texts("fields").unwrap_or_default(),
            message: reader.text("message"),
        };
        if unique.fields.is_empty() {
            reader.complain("C005", "fields", "a [[model.unique]] needs 'fields': their names".to_owned());
        }
        unique
    }
}

impl WidgetWritten {
    pub(super) fn of(reader: &mut Reader<'_>) -> WidgetWritten {
        let widget = WidgetWritten {
            name: reader.said("name"),
            model: reader.said("model"),
            tally: reader.said("tally"),
            fields: reader.texts("fields"),
            rows: reader.table("rows"),
            ordering: reader.texts("ordering"),
            limit: reader.number("limit"),
        };
        if widget.name.is_none() || widget.model.is_none() {
            reader.complain("C005", "name", "a [[widget]] needs a 'name' and a 'model'".to_owned());
        }
        if widget.tally.is_some() == widget.fields.is_some() {
            let words = "a [[widget]] needs either 'tally' (a field to count by) or 'fields' (to show)";
            reader.complain("C005", "tally", words.to_owned());
        }
        widget
    }
}
