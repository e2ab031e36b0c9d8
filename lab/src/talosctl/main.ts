import { runProgram } from './program.ts'
import { overSocket } from './socket-transport.ts'

await runProgram(overSocket)
