/** A REST endpoint as data: the GraphQL document it runs and how answer and request are shaped. No code of its own. */
export interface RestRoute {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below /api/v1; parts in braces become variables: `/instances/{instance}/nodes/{node}`. */
  path: string
  summary: string
  /** The GraphQL document. Its selection decides the answer's keys (snake_cased; JSON scalars keep theirs). */
  document: string
  /** Body fields allowed, snake_case; they become camelCase variables. Anything else is refused. */
  body?: string[]
  /** Sent when a body field is absent. */
  defaults?: Record<string, unknown>
  /** The body is plain text and becomes this variable. */
  textBody?: string
  /** The most its body may have, in bytes; else 3 MB. */
  largestBody?: number
  /** Query parameters allowed, snake_case; `name:int`, `name:bool` and `name:json` convert. */
  query?: string[]
  /** Parts of the path that are whole numbers. */
  intParams?: string[]
  /** Default 200 (202 for `answer: operation`). */
  status?: number
  /** data: `{success, data}`; operation: `{operation_id, status, message}`; message: `{success, message}`; text: text/plain; file: the object's `content` (base64) as bytes to be saved as its `file_name`; stream: server-sent events of an operation; feed: those of a subscription, one `item` each; bytes: the pieces of a subscription (`fileName size from content`) as one file. */
  answer: 'data' | 'operation' | 'message' | 'text' | 'file' | 'stream' | 'feed' | 'bytes'
  /** For `bytes` answers: the variable that says from which byte on, which the header Range then does. */
  ranges?: string
  /** Puts the value below this key: `data: {nodes: […]}`. */
  wrap?: string
  /** For `message` answers, and beside data where the plan has both. */
  message?: string | ((variables: Record<string, unknown>) => string)
  /**
   * Document run for `?plan=true`; the answer is then 200 with its data. A row that changes something and has neither
   * this nor `planOf` answers what `planChange` says of its mutation.
   */
  plan?: string
  /** Type of the operation this starts: `?plan=true` then answers what it would do. */
  planOf?: string
  /** Its input is what the mutation in the document is given, fixed values too, instead of the variables. */
  planFromMutation?: boolean
  /** For `text` answers: the field of the object that is the text. */
  textOf?: string
  /** The answer must not be kept by anyone (it holds a secret). */
  noStore?: boolean
}

/** What every plan answers. */
export const planFields =
  'type title instance usualMs nothingToDo steps { id parent title state reason changes { kind text diff } }'
