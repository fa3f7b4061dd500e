//! What may be asked: by what to group, and whatever narrows the list of conferences.

use serde::de::value::StringDeserializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, de};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

use crate::conferences::conference::ConferenceFilter;
use crate::tracking::vocabulary::ConferenceGrouping;

/// What may be asked of the report on conferences: a new filter of the list is one here too.
#[derive(Debug, Default, Clone)]
pub struct ConferenceReportQuery {
    /// By what to group.
    pub group_by: Option<ConferenceGrouping>,
    /// Which conferences are counted.
    pub filter: ConferenceFilter,
}

/// The parameter that the list has not.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "describes a parameter")]
struct GroupBy {
    /// By what to group the conferences.
    #[param(example = "province")]
    group_by: Option<ConferenceGrouping>,
}

impl IntoParams for ConferenceReportQuery {
    fn into_params(parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut parameters = GroupBy::into_params(&parameter_in);
        parameters.extend(ConferenceFilter::into_params(&parameter_in));
        parameters
    }
}

impl<'de> Deserialize<'de> for ConferenceReportQuery {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Parameters)
    }
}

struct Parameters;

impl<'de> Visitor<'de> for Parameters {
    type Value = ConferenceReportQuery;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("parameters")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let mut group_by = None;
        let others = Others { map, group_by: &mut group_by };
        let filter = ConferenceFilter::deserialize(de::value::MapAccessDeserializer::new(others))?;
        Ok(ConferenceReportQuery { group_by, filter })
    }
}

/// The parameters but `group_by`, which is taken out.
struct Others<'a, A> {
    map: A,
    group_by: &'a mut Option<ConferenceGrouping>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Others<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(name) = self.map.next_key::<String>()? {
            if name != "group_by" {
                return seed.deserialize(StringDeserializer::new(name)).map(Some);
            }
            *self.group_by = self.map.next_value()?;
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}
