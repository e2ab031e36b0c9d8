import type { OperationView } from './state.ts'

/** Shows operations while they run: live lines on a terminal, one line per step change elsewhere. */
export interface ProgressView {
  /** Called with every operation followed, each time something changed. */
  update(operations: OperationView[]): void
  /** A log line of one operation. */
  log(operation: OperationView, message: string): void
  /** Something to say in between, such as a lost connection. */
  note(text: string): void
  /** Ends the display; nothing is drawn afterwards. */
  close(): void
}
