import { socket } from './client.ts'

/** An operation as the feed of all operations tells of it. */
export interface OperationNews {
  operationId: string
  instance: string | null
  title: string
  status: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled'
  progress: number
}

/** Something changed; whoever shows it looks again. */
export interface News {
  kind: 'instance' | 'operation' | 'lan'
  instance?: string | null
  /** What is known of the operation, when it is about one. */
  operation?: OperationNews
}

const listeners = new Set<(news: News) => void>()

function tell(news: News): void {
  for (const listener of listeners) listener(news)
}

/** Calls `listener` for each change the daemon reports. Returns a function that stops it. */
export function onNews(listener: (news: News) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const quiet = { error: () => undefined, complete: () => undefined }

/** Opens the feeds every page lives on. Call once. */
export function startNews(): void {
  socket.subscribe<{ instanceChanges: { instance: string } }>(
    { query: 'subscription { instanceChanges { instance part } }' },
    { next: ({ data }) => data && tell({ kind: 'instance', ...data.instanceChanges }), ...quiet },
  )
  socket.subscribe<{ operations: OperationNews }>(
    { query: 'subscription { operations { operationId instance title status progress } }' },
    {
      next: ({ data }) =>
        data && tell({ kind: 'operation', instance: data.operations.instance, operation: data.operations }),
      ...quiet,
    },
  )
  socket.subscribe<{ dnsChanges: string }>(
    { query: 'subscription { dnsChanges }' },
    { next: ({ data }) => data && tell({ kind: 'lan' }), ...quiet },
  )
  socket.subscribe<{ pxeChanges: string }>(
    { query: 'subscription { pxeChanges }' },
    { next: ({ data }) => data && tell({ kind: 'lan' }), ...quiet },
  )
  socket.subscribe<{ bootAssetChanges: string }>(
    { query: 'subscription { bootAssetChanges }' },
    { next: ({ data }) => data && tell({ kind: 'lan' }), ...quiet },
  )
}
