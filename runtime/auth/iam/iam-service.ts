import { SigningKeys } from "../sigv4/index.js";
import { type DirectoryOptions, PrincipalDirectory } from "./principal-directory.js";

/** What IAM keeps for one live Program: who there is, and the keys derived for them. */
export interface IamService {
  readonly directory: PrincipalDirectory;
  readonly keys: SigningKeys;
  close(): void;
}

/** A Program with signed routes brings this; one without does not link it. */
export type IamFactory = (options: DirectoryOptions) => IamService;

export const iamService: IamFactory = (options) => {
  const directory = new PrincipalDirectory(options);
  return { directory, keys: new SigningKeys(), close: () => directory.close() };
};
