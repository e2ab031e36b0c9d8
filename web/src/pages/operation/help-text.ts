import type { FeedLine, FeedOperation } from '../../graphql/operation-feed.ts'
import { operationsText } from '../../strings/operations.ts'

/** Lines of the log that go with it: the end is where it went wrong. */
const logLines = 40

/**
 * Pure: an operation that did not complete as somebody who helps wants to read it: what failed, after what, the command with
 * its output, and the end of the log. The daemon masks secrets before they come here.
 */
export function helpText(operation: FeedOperation, lines: readonly FeedLine[]): string {
  const { help } = operationsText
  const { account, error } = operation
  const last = lines.slice(-logLines)
  const parts = [
    `${operation.title}: ${operation.status}`,
    `${help.operation} ${operation.operationId} (${operation.type}), ${operation.createdAt}`,
    error ? `${error.code}: ${error.message}` : '',
    account.happened,
    [account.command ? `$ ${account.command}` : '', ...account.output].filter(Boolean).join('\n'),
    listed(
      `${help.steps}:`,
      operation.steps.map(({ title, state, message }) => `[${state}] ${title}${message ? `: ${message}` : ''}`),
    ),
    listed(`${help.next}:`, account.next),
    last.length ? `${help.log(last.length)}:\n${last.map(({ at, message }) => `${at} ${message}`).join('\n')}` : '',
  ]
  return parts.filter(Boolean).join('\n\n')
}

function listed(title: string, lines: readonly string[]): string {
  return lines.length ? [title, ...lines.map((line) => `- ${line}`)].join('\n') : ''
}
