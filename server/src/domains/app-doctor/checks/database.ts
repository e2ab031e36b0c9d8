import type { StepContext } from '../../../operations/define.ts'
import { asWildError, saidBy } from '../../../platform/errors.ts'
import { type DoctorFinding, failing, passing } from '../model.ts'
import type { DoctorWorld } from '../world.ts'

type Kind = 'postgres' | 'mysql'

// The first line of standard input is the password; what comes after it is read by the client. Names are arguments.
const logins: Record<Kind, string> = {
  postgres:
    'IFS= read -r PGPASSWORD; export PGPASSWORD; exec psql --no-psqlrc --quiet --tuples-only --no-align --no-password --host="$1" --port="$2" --username="$3" --dbname="$4"',
  mysql:
    'IFS= read -r MYSQL_PWD; export MYSQL_PWD; program=$(command -v mysql || command -v mariadb); exec "$program" --host="$1" --port="$2" --user="$3" --batch --skip-column-names "$4"',
}
const usualPort: Record<Kind, number> = { postgres: 5432, mysql: 3306 }

/** The app's own user can log in to its databases with the password it was given; asked in the server's pod, by its address. */
export async function databases(w: DoctorWorld, ctx: StepContext): Promise<DoctorFinding[]> {
  const { manifest, app } = w
  const user = await w.setting(`apps.${app}.dbUser`)
  const password = await w.deps.secrets.value(w.instance, `apps.${app}.dbPassword`)
  if (!user || !password) return []
  const found: DoctorFinding[] = []
  for (const { kind, app: server, name } of manifest.backup?.databases ?? [])
    found.push(await login(w, ctx, { kind, server, database: await w.filled(name), user, password }))
  return found
}

interface Login {
  kind: Kind
  server: string
  database: string
  user: string
  password: string
}

async function login(w: DoctorWorld, ctx: StepContext, asked: Login): Promise<DoctorFinding> {
  const { kind, server, database, user, password } = asked
  const name = 'Database'
  const pod = (await w.kubectl(ctx).get('pod', { namespace: server })).find(
    ({ metadata, status }) =>
      metadata.ownerReferences !== undefined && status?.phase === 'Running' && status?.podIP !== undefined,
  )
  if (!pod) return failing(name, `The database server ${server} does not run.`, `wild-cli app doctor ${server}`)
  const container = pod.spec.containers[0]
  const port = String(container.ports?.[0]?.containerPort ?? usualPort[kind])
  try {
    await w.streams(ctx).exec({
      pod: pod.metadata.name,
      namespace: server,
      container: container.name,
      command: ['sh', '-c', logins[kind], 'sh', String(pod.status.podIP), port, user, database],
      input: `${password}\nSELECT 1;\n`,
      timeoutMs: 30_000,
    })
    return passing(name, `${user} can log in to ${database} of ${server}.`)
  } catch (error) {
    const said = saidBy(error)
      .split('\n')
      .find((line) => /FATAL|ERROR|denied/.test(line))
    return failing(
      name,
      `${user} cannot log in to ${database} of ${server}: ${said?.trim() ?? asWildError(error).message}`,
      `wild-cli app deploy ${w.app} --force makes user and database anew and sets the password of secrets.yaml.`,
    )
  }
}
