//! Where traces go. The OpenTelemetry SDK reads these values itself, out of the environment of the
//! process; they are looked at here because it passes over a malformed one in silence.

use url::Url;

use super::{
    Environment,
    environment::{Entry, Source},
    reader::Reader,
};

/// Where a collector is, for traces and for everything.
const ENDPOINTS: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
];
const PROTOCOLS: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    "OTEL_EXPORTER_OTLP_PROTOCOL",
];
const SAMPLER: &str = "OTEL_TRACES_SAMPLER";
const RATIO: &str = "OTEL_TRACES_SAMPLER_ARG";

impl Environment {
    /// Whether a collector is named.
    #[must_use]
    pub fn wants_traces(&self) -> bool {
        ENDPOINTS.into_iter().any(|name| self.get(name).is_some())
    }
}

impl Reader<'_> {
    /// What the SDK will read again, if there will be traces.
    pub fn traces(&mut self) {
        self.unseen();
        // Settings that nobody reads are no reason not to start.
        if cfg!(feature = "otel") && self.env.wants_traces() {
            self.endpoints();
            self.protocols();
            self.sampler();
        }
    }

    /// What stands where the SDK does not look.
    fn unseen(&mut self) {
        let of_file = |(name, entry): (&String, &Entry)| {
            let is_set = entry.source == Source::EnvFile && !entry.is_blank();
            (is_set && name.starts_with("OTEL_")).then(|| name.clone())
        };
        let unseen: Vec<_> = self.env.0.iter().filter_map(of_file).collect();
        for name in unseen {
            self.problem(
                &name,
                "is read from the environment of the process only, not from .env",
            );
        }
    }

    fn endpoints(&mut self) {
        for name in ENDPOINTS {
            let url = self.env.get(name).map(Url::parse);
            if url
                .is_some_and(|url| !url.is_ok_and(|url| ["http", "https"].contains(&url.scheme())))
            {
                self.problem(name, "is not an http or https URL");
            }
        }
    }

    fn protocols(&mut self) {
        for name in PROTOCOLS {
            let protocol = self.env.get(name);
            if protocol.is_some_and(|protocol| protocol != "http/protobuf") {
                self.problem(name, "can be http/protobuf only");
            }
        }
    }

    fn sampler(&mut self) {
        let sampler = self.env.get(SAMPLER).unwrap_or("parentbased_always_on");
        let kind = sampler.strip_prefix("parentbased_").unwrap_or(sampler);
        if !["always_on", "always_off", "traceidratio"].contains(&kind) {
            self.problem(
                SAMPLER,
                "is none of always_on, always_off and traceidratio, with or without parentbased_",
            );
        }
        let ratio = self.env.get(RATIO).map(str::parse::<f64>);
        let is_ratio = matches!(ratio, Some(Ok(ratio)) if (0.0..=1.0).contains(&ratio));
        if kind == "traceidratio" && !is_ratio {
            self.problem(RATIO, "is not a number from 0 to 1");
        }
    }
}
