import { planFields, type RestRoute } from '../../platform/rest-route.ts'

const steps = 'steps { id parent title state progress message attempt startedAt endedAt }'

const account =
  'account { happened step { id parent title state message attempt startedAt endedAt } command output state next retry }'

export const routes: RestRoute[] = [
  {
    method: 'POST',
    path: '/operations/plan',
    summary: 'What an operation would do; changes nothing',
    body: ['type', 'input'],
    document: `query ($type: String!, $input: JSON!) { planOperation(type: $type, input: $input) { ${planFields} } }`,
    answer: 'data',
  },
  {
    method: 'POST',
    path: '/changes/plan',
    summary: 'What a mutation that changes something at once would do; changes nothing',
    body: ['name', 'input'],
    document: `query ($name: String!, $input: JSON!) { planChange(name: $name, input: $input) { ${planFields} } }`,
    answer: 'data',
  },
  {
    method: 'GET',
    path: '/operations/types',
    summary: 'Every type of operation there is',
    document: 'query { operationTypes }',
    answer: 'data',
    wrap: 'types',
  },
  {
    method: 'GET',
    path: '/operations/{id}/script',
    summary: 'The commands an operation ran, as a shell script',
    document: 'query ($id: String!) { operation(id: $id) { script } }',
    answer: 'text',
    textOf: 'script',
  },
  {
    method: 'GET',
    path: '/operations/{id}',
    summary: 'Get an operation',
    document: `query ($id: String!) { operation(id: $id) { operationId type title instance target status progress message startedAt completedAt ${steps} result error { code message details } warnings via usualMs ${account} logs } }`,
    answer: 'data',
  },
  {
    method: 'GET',
    path: '/operations',
    summary: 'List operations, newest first',
    query: ['instance', 'status', 'type', 'before', 'limit:int'],
    document:
      'query ($instance: String, $status: OperationStatus, $type: String, $before: String, $limit: Int) { operations(instance: $instance, status: $status, type: $type, before: $before, limit: $limit) { operationId type title instance target status progress message startedAt completedAt } }',
    answer: 'data',
    wrap: 'operations',
  },
  {
    method: 'GET',
    path: '/operations/{id}/logs',
    summary: 'Follow an operation: events log, progress, complete; resume with Last-Event-ID',
    document: `query ($id: String!) { operation(id: $id) { operationId type title instance target status progress message startedAt completedAt ${steps} result error { code message details } warnings } }`,
    answer: 'stream',
  },
  {
    method: 'POST',
    path: '/operations/{id}/cancel',
    summary: 'Cancel a running operation',
    document: 'mutation ($id: String!) { cancelOperation(id: $id) { operationId status message } }',
    answer: 'operation',
  },
  {
    method: 'POST',
    path: '/operations/{id}/retry',
    summary: 'Run an operation again; what is done is skipped',
    document: 'mutation ($id: String!) { retryOperation(id: $id) { operationId status message } }',
    plan: `query ($id: String!) { planRetry(id: $id) { ${planFields} } }`,
    answer: 'operation',
  },
]
