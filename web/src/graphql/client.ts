import { Client, fetchExchange, mapExchange } from '@urql/core'
import { createClient as createSocket } from 'graphql-ws'
import { createSignal } from 'solid-js'
import { authorization, lock, token } from './token.ts'

/** Queries and mutations over HTTP. Nothing is cached here: pages keep what they show and are told when to look again. */
export const client = new Client({
  url: '/graphql',
  exchanges: [
    mapExchange({
      onError: ({ graphQLErrors }) => {
        if (graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED')) lock()
      },
    }),
    fetchExchange,
  ],
  fetchOptions: () => ({ headers: authorization() }),
  requestPolicy: 'network-only',
  preferGetMethod: false,
})

const [connection, setConnection] = createSignal<'connecting' | 'live' | 'lost'>('connecting')

/** State of the live connection, shown only when it matters. */
export { connection }

const socketUrl = () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`
const longestRetryMs = 5_000
const pongLimitMs = 5_000
let pongLate: ReturnType<typeof setTimeout> | undefined

/** Subscriptions over one WebSocket that comes back by itself after the daemon was restarted or the device slept. */
export const socket = createSocket({
  url: socketUrl,
  connectionParams: () => ({ token: token() }),
  lazy: false,
  keepAlive: 10_000,
  retryAttempts: Number.POSITIVE_INFINITY,
  shouldRetry: () => true,
  retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, Math.min(200 * 2 ** retries, longestRetryMs))),
  on: {
    connected: () => setConnection('live'),
    closed: () => {
      clearTimeout(pongLate)
      setConnection('lost')
    },
    // A line that went dead without a word looks open for minutes: no answer to a ping ends it.
    ping: (received) => {
      if (!received) pongLate = setTimeout(() => socket.terminate(), pongLimitMs)
    },
    pong: (received) => received && clearTimeout(pongLate),
  },
})
