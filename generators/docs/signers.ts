import { stringLiteral } from "../emit/code-literal.js";

/** How examples of signed operations make a signer: of the keys that AWS's tools take from the environment, for a region. */

const [id, secret, token] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] as const;

export function typescriptSigner(region: string): string {
  const keys = [
    `accessKeyId: process.env.${id} ?? ""`,
    `secretAccessKey: process.env.${secret} ?? ""`,
    `sessionToken: process.env.${token}`,
  ];
  const credentials = `{\n${keys.map((key) => `    ${key},\n`).join("")}  }`;
  return `const iam = sigv4({\n  region: ${stringLiteral(region)},\n  credentials: ${credentials},\n});\n`;
}

export function pythonSigner(region: string): string {
  const keys = `os.environ["${id}"], os.environ["${secret}"], os.environ.get("${token}")`;
  return `signer = SigV4(${JSON.stringify(region)}, AwsCredentials(${keys}))\n`;
}

/** @param name  of the package */
export function goSigner(region: string, name: string): string {
  const keys = `AccessKeyID: os.Getenv("${id}"), SecretAccessKey: os.Getenv("${secret}"), SessionToken: os.Getenv("${token}")`;
  return `keys := ${name}.AWSCredentials{${keys}}\nsigner := ${name}.SigV4{Region: ${JSON.stringify(region)}, Credentials: ${name}.StaticAWS(keys)}\n`;
}

export function javaSigner(region: string): string {
  const keys = [id, secret, token].map((name) => `        System.getenv("${name}")`).join(",\n");
  return `var keys = new AwsCredentials(\n${keys});\nvar signer = new SigV4(${JSON.stringify(region)}, () -> keys);\n`;
}
