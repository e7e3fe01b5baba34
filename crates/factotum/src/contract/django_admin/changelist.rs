//! A page of rows with everything that a list shows around it.

use factotum_engine::ops::{self, Browse, Browsed, Seen};
use factotum_engine::query::{BadQuery, Filter, Query, Window};
use factotum_engine::{Error, Resource};
use http::StatusCode;

use super::drill::Drill;
use super::filters::{MOST_CHOICES, written};
use super::shelf::{Shape, Source};
use super::{Call, actions, request, response, search};
use crate::http::{Fault, Reply, json as text};

/// Rows on a page of a model that does not say.
const PER_PAGE: u64 = 100;

/// `GET <app>/<model>/`
pub(super) async fn list(call: Call) -> Result<Reply, Fault> {
    let resource = request::model(&call)?;
    let shape = call.contract.shelf.of(&call.site, resource);
    let shape = shape.ok_or_else(|| Error::internal("a resource without a shape"))?;
    let asked = Asked::read(&call, resource, shape);
    let mut cx = call.read().await?;
    let browsed = match ops::browse(&mut cx, &asked.browse).await {
        // A value that no row can have is that of no row.
        Err(Error::BadQuery(BadQuery::BadTerm { .. })) => {
            let query = Query { filter: Filter::Nothing, ..asked.browse.query.clone() };
            ops::browse(&mut cx, &Browse { query, ..asked.browse.clone() }).await?
        }
        browsed => browsed?,
    };
    Ok(Reply::json(StatusCode::OK, body(&call, resource, shape, &asked, browsed)))
}

/// What a query string asks of a list.
struct Asked {
    browse: Browse,
    page: u64,
    size: u64,
    drill: Drill,
    /// Whether the number of all rows is told.
    whole: bool,
}

impl Asked {
    fn read(call: &Call, resource: &Resource, shape: &Shape) -> Asked {
        let (head, options, contract) = (&call.head, &resource.options, &call.contract);
        let usual = options.list_per_page.unwrap_or(PER_PAGE);
        let usual = if usual == 0 { contract.default_page_size } else { usual }.min(contract.max_page_size);
        let (page, size) = (request::page(head), request::page_size(head, usual, contract.max_page_size));
        let drill = Drill::read(head);
        let hierarchy = shape.hierarchy.map(|at| &resource.model.fields[at]);
        let narrowing = shape.filters.iter().map(|filter| filter.narrow(resource, head));
        let drilled = hierarchy.map_or(Filter::All, |field| drill.filter(field, call.site.zone()));
        let filter = narrowing.fold(Filter::All, Filter::and).and(drilled);
        let search = search::search(&shape.searched, head.asked("q").unwrap_or_default());
        let whole = options.show_full_result_count.unwrap_or(true);
        let browse = Browse {
            counts: shape.counts.clone(),
            whole: whole && (filter != Filter::All || search.is_some()),
            everything: head.asked("all").map(|_| shape.show_all),
            buckets: hierarchy.and_then(|field| Some((field.name.clone(), drill.next()?))),
            choices: shape.filters.iter().filter_map(super::filters::Shape::choices).collect(),
            most_choices: MOST_CHOICES,
            query: Query {
                filter,
                search,
                order: shape.order(head.asked("ordering").unwrap_or_default()),
                window: Window { offset: request::offset(page, size), limit: Some(size) },
                count: true,
                fields: Some(shape.fields.clone()),
                paths: shape.paths.clone(),
                ..Query::all(resource.model.key.clone())
            },
        };
        Asked { browse, page, size, drill, whole }
    }
}

fn body(call: &Call, resource: &Resource, shape: &Shape, asked: &Asked, browsed: Browsed) -> Vec<u8> {
    let mut out = Vec::with_capacity(2048 + 512 * browsed.rows.len());
    out.push(b'{');
    out.extend_from_slice(&shape.head);
    let member = |out: &mut Vec<u8>, name: &str, value: &[u8]| {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(value);
    };
    member(&mut out, ",\"permissions\":", &written(&response::permissions(&call.who, resource)));
    member(&mut out, ",", &shape.middle);
    out.extend_from_slice(b",\"filters\":");
    filters(&mut out, call, resource, shape, browsed.choices);
    member(&mut out, ",\"actions\":", &written(&actions::specs(call, resource).into()));
    let (page, size) = if browsed.everything { (1, browsed.total.max(1)) } else { (asked.page, asked.size) };
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    for (name, value) in [("page", page), ("page_size", size), ("total", browsed.total)] {
        out.extend_from_slice(format!(",\"{name}\":").as_bytes());
        text::int(&mut out, number(value));
    }
    out.extend_from_slice(b",\"full_count\":");
    if asked.whole {
        text::int(&mut out, number(browsed.whole.unwrap_or(browsed.total)));
    } else {
        out.extend_from_slice(b"null");
    }
    member(&mut out, ",", &shape.tail);
    if let Some(at) = shape.hierarchy {
        let told = asked.drill.told(&resource.model.fields[at].name, &browsed.buckets);
        member(&mut out, ",\"date_hierarchy\":", &written(&told));
    }
    out.extend_from_slice(b",\"results\":");
    let cells = Cells::new(call, resource, shape);
    text::list(&mut out, &browsed.rows, |out, seen| cells.row(out, seen));
    out.push(b'}');
    out
}

fn filters(
    out: &mut Vec<u8>,
    call: &Call,
    resource: &Resource,
    shape: &Shape,
    choices: Vec<Option<Vec<(factotum_engine::Value, String)>>>,
) {
    let mut choices = choices.into_iter();
    out.push(b'[');
    let start = out.len();
    for filter in &shape.filters {
        let before = out.len();
        if before > start {
            out.push(b',');
        }
        if !filter.write(out, resource, &call.head, &mut choices) {
            out.truncate(before);
        }
    }
    out.push(b']');
}

/// How the rows of a list are written for somebody.
struct Cells<'c> {
    resource: &'c Resource,
    shape: &'c Shape,
    /// Where each column's relation leads, for those who may see it.
    leads: Vec<Option<String>>,
}

impl<'c> Cells<'c> {
    fn new(call: &'c Call, resource: &'c Resource, shape: &'c Shape) -> Cells<'c> {
        let lead = |source| match source {
            Source::Related(at) => response::target(&call.site, &call.who, resource.model.fields[at].target()?),
            _ => None,
        };
        Cells { resource, shape, leads: shape.slots.iter().map(|slot| lead(slot.source)).collect() }
    }

    fn row(&self, out: &mut Vec<u8>, seen: &Seen) {
        out.extend_from_slice(b"{\"pk\":");
        response::value(out, seen.row.key());
        out.extend_from_slice(b",\"label\":");
        text::text(out, &seen.label);
        out.extend_from_slice(b",\"fields\":{");
        for (at, slot) in self.shape.slots.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.extend_from_slice(&slot.key);
            self.cell(out, seen, slot.source, self.leads[at].as_deref());
        }
        out.extend_from_slice(b"}}");
    }

    fn cell(&self, out: &mut Vec<u8>, seen: &Seen, source: Source, lead: Option<&str>) {
        let fields = &self.resource.model.fields;
        match source {
            Source::Field(at) => response::value(out, &seen.row.values[at]),
            Source::Choice(at) => match fields[at].choice_name(&seen.row.values[at]) {
                Some(name) => text::text(out, name),
                None => response::value(out, &seen.row.values[at]),
            },
            Source::Related(at) => match seen.related.iter().find(|(field, _)| *field == at) {
                Some((_, label)) => response::relation(out, &seen.row.values[at], label, lead),
                None => out.extend_from_slice(b"null"),
            },
            Source::Label => text::text(out, &seen.label),
            Source::Count(at) => text::int(out, i64::try_from(seen.counts[at]).unwrap_or(i64::MAX)),
            Source::Computed(at) => response::computed(out, &self.resource.columns[at], &seen.row),
            Source::Path(at) => match &seen.paths[at] {
                (key, Some(label)) => response::relation(out, key, label, None),
                (value, None) => response::value(out, value),
            },
        }
    }
}
