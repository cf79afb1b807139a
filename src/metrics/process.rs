//! What the kernel knows of the process (proc(5)), read when somebody asks, under the names that
//! Prometheus client libraries share.

use std::fmt;

use procfs::{
    WithCurrentSystemInfo as _, boot_time_secs,
    process::{LimitValue, Process as Kernel},
    ticks_per_second,
};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
    registry::Unit,
};

/// Reads the process anew each time. What cannot be read is left out.
#[derive(Debug)]
pub(super) struct Process;

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Ok(process) = Kernel::myself() else {
            return Ok(());
        };
        let encoder = &mut encoder;
        if let Ok(stat) = process.stat() {
            let seconds = |ticks: u64| to_float(ticks) / to_float(ticks_per_second());
            let cpu = ConstCounter::new(seconds(stat.utime + stat.stime));
            write(
                encoder,
                "process_cpu",
                "CPU time used",
                Some(&Unit::Seconds),
                &cpu,
            )?;
            let sizes = [
                (
                    "process_resident_memory",
                    "Memory in use",
                    stat.rss_bytes().get(),
                ),
                ("process_virtual_memory", "Memory laid claim to", stat.vsize),
            ];
            for (name, help, size) in sizes {
                write(
                    encoder,
                    name,
                    help,
                    Some(&Unit::Bytes),
                    &ConstGauge::new(size),
                )?;
            }
            if let Ok(boot) = boot_time_secs() {
                let start = ConstGauge::new(to_float(boot) + seconds(stat.starttime));
                let help = "When the process began, in Unix time";
                write(
                    encoder,
                    "process_start_time",
                    help,
                    Some(&Unit::Seconds),
                    &start,
                )?;
            }
        }
        if let Ok(open) = process.fd_count() {
            write(
                encoder,
                "process_open_fds",
                "Open files",
                None,
                &ConstGauge::new(open),
            )?;
        }
        let most = process
            .limits()
            .map(|limits| limits.max_open_files.soft_limit);
        if let Ok(LimitValue::Value(most)) = most {
            let help = "Most files that may be open";
            write(
                encoder,
                "process_max_fds",
                help,
                None,
                &ConstGauge::new(most),
            )?;
        }
        Ok(())
    }
}

fn write(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    unit: Option<&Unit>,
    metric: &impl EncodeMetric,
) -> fmt::Result {
    let metric_encoder = encoder.encode_descriptor(name, help, unit, metric.metric_type())?;
    metric.encode(metric_encoder)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "exact for any time a machine runs"
)]
fn to_float(number: u64) -> f64 {
    number as f64
}
