/** What the k6 operator (grafana/k6-operator 1.x, `k6.io/v1alpha1`) is told. */
export interface ManifestPlan {
  /** Of the TestRun, and of the ConfigMap that holds its script. */
  name: string;
  /** Empty: the one that kubectl is set to. */
  namespace: string;
  /** Pods. The operator gives each an equal segment of users and rates. */
  parallelism: number;
  image: string;
  /** The script's own. */
  variables: Readonly<Record<string, string>>;
  /** A Secret whose key `token` holds LAB_CONTROL_TOKEN; empty for none. */
  controlTokenSecret: string;
  script: string;
}

interface Metadata {
  name: string;
  namespace?: string;
  labels: Record<string, string>;
}

export interface ConfigMap {
  apiVersion: 'v1';
  kind: 'ConfigMap';
  metadata: Metadata;
  data: Record<string, string>;
}

/** The fields that we use of the documented ones (docs/crd-generated.md of the operator). */
export interface TestRun {
  apiVersion: 'k6.io/v1alpha1';
  kind: 'TestRun';
  metadata: Metadata;
  spec: {
    parallelism: number;
    /** One pod on each machine. */
    separate: boolean;
    script: { configMap: { name: string; file: string } };
    arguments: string;
    runner: {
      image: string;
      env?: { name: string; valueFrom: { secretKeyRef: { name: string; key: string } } }[];
    };
  };
}

const SCRIPT_FILE = 'checkout.js';
/** Kubernetes' own limit for all data of a ConfigMap. */
const CONFIG_MAP_BYTES_MAX = 1_048_576;

/**
 * The script's variables are arguments (`-e`), since the operator hands those to `k6 archive`, by which it inspects the
 * script, as well as to the runners; variables of the pod would reach the runners alone. The token is no argument: those
 * are shown to everybody. Throws a RangeError where the script does not fit, or a variable would be two arguments.
 */
export function manifestOf(plan: ManifestPlan): [ConfigMap, TestRun] {
  const metadata: Metadata = {
    name: plan.name,
    ...(plan.namespace === '' ? {} : { namespace: plan.namespace }),
    labels: { 'app.kubernetes.io/part-of': 'tracelab' },
  };
  const bytes = new TextEncoder().encode(plan.script).byteLength;
  if (bytes > CONFIG_MAP_BYTES_MAX)
    throw new RangeError(`a ConfigMap should hold at most ${CONFIG_MAP_BYTES_MAX} bytes: the script has ${bytes}`);
  const configMap: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [SCRIPT_FILE]: plan.script } };
  const testRun: TestRun = {
    apiVersion: 'k6.io/v1alpha1',
    kind: 'TestRun',
    metadata,
    spec: {
      parallelism: plan.parallelism,
      separate: plan.parallelism > 1,
      script: { configMap: { name: plan.name, file: SCRIPT_FILE } },
      arguments: argumentsOf(plan.variables),
      runner: {
        image: plan.image,
        ...(plan.controlTokenSecret === '' ? {} : { env: [tokenOf(plan.controlTokenSecret)] }),
      },
    },
  };
  return [configMap, testRun];
}

/** The operator splits at blanks, and its initializer runs them in a shell. */
function argumentsOf(variables: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const unsafe = pairs.find((pair) => !/^[\w.,:/=@%+-]+$/.test(pair));
  if (unsafe === undefined) return pairs.flatMap((pair) => ['-e', pair]).join(' ');
  throw new RangeError(
    `a variable for the operator should hold no blanks, quotes or other signs of a shell: was ${unsafe}`,
  );
}

function tokenOf(secret: string): { name: string; valueFrom: { secretKeyRef: { name: string; key: string } } } {
  return { name: 'LAB_CONTROL_TOKEN', valueFrom: { secretKeyRef: { name: secret, key: 'token' } } };
}
