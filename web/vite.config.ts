import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'
import { helpPlugin } from './help-plugin.ts'

const daemon = process.env.WILD_DAEMON_URL ?? 'http://127.0.0.1:5055'

export default defineConfig({
  plugins: [solid(), tailwindcss(), helpPlugin()],
  build: { target: 'es2022', modulePreload: { polyfill: false }, chunkSizeWarningLimit: 400 },
  server: { proxy: { '/graphql': { target: daemon, ws: true }, '/api': daemon, '/icons': daemon } },
})
