import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** How the world behind the daemon is read when somebody asks for the figures. */
export interface MetricsSources {
  operations(): { type: string; status: string; count: number }[]
  instances(): Promise<{ name: string; status: string }[]>
  bytesWritten(): Promise<number | undefined>
}

/** What the daemon counts, in the text form Prometheus reads. Labels hold no secret and nothing a stranger chose. */
export interface Metrics {
  request(surface: string, method: string, status: number, seconds: number): void
  exposition(): Promise<{ text: string; type: string }>
}

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']

/** A registry of its own, so that several daemons in one process do not share figures. */
export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'wild_http_requests_total',
    help: 'Requests answered, by part of the daemon, method and status.',
    labelNames: ['surface', 'method', 'status'],
    registers,
  })
  const duration = new Histogram({
    name: 'wild_http_request_seconds',
    help: 'Time from request to answer; feeds that stay open count until they begin.',
    labelNames: ['surface'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  })
  new Gauge({
    name: 'wild_operations',
    help: 'Operations that are remembered, by type and status.',
    labelNames: ['type', 'status'],
    registers,
    collect() {
      this.reset()
      for (const { type, status, count } of sources.operations()) this.set({ type, status }, count)
    },
  })
  new Gauge({
    name: 'wild_instance_status',
    help: 'One for the status each instance has.',
    labelNames: ['instance', 'status'],
    registers,
    async collect() {
      this.reset()
      for (const { name, status } of await sources.instances()) this.set({ instance: name, status }, 1)
    },
  })
  new Gauge({
    name: 'wild_disk_written_bytes',
    help: 'Bytes this daemon has caused to be written to disk since it started.',
    registers,
    async collect() {
      const bytes = await sources.bytesWritten()
      if (bytes !== undefined) this.set(bytes)
    },
  })
  return {
    request(surface, method, status, seconds) {
      requests.inc({ surface, method: methods.includes(method) ? method : 'other', status })
      duration.observe({ surface }, seconds)
    },
    exposition: async () => ({ text: await registry.metrics(), type: registry.contentType }),
  }
}
