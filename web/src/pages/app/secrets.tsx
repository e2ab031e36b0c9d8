import { graphql } from '../../graphql/graphql.ts'
import { about, createLiveQuery } from '../../graphql/live-query.ts'
import { Loaded } from '../../ui/parts.tsx'
import { SecretFields } from '../workload/secret-fields.tsx'

const SecretsQuery = graphql(`
  query AppSecrets($instance: String!, $app: String!) {
    catalogApp(app: $app) { secrets { path kind optional description } }
    secretList(instance: $instance) { secrets { path set } }
  }
`)

/** The secrets of an app. */
export function AppSecrets(props: { instance: string; app: string }) {
  const query = createLiveQuery(
    SecretsQuery,
    () => ({ instance: props.instance, app: props.app }),
    about(() => props.instance),
  )
  const isSet = (path: string) => query.data?.secretList.secrets.some((each) => each.path === path && each.set) ?? false
  return (
    <Loaded query={query}>
      {(data) => (
        <SecretFields
          instance={props.instance}
          secrets={data.catalogApp.secrets.map((secret) => ({ ...secret, isSet: isSet(secret.path) }))}
        />
      )}
    </Loaded>
  )
}
