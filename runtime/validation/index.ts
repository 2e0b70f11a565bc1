export { isDate, isDateTime, isEmail, isHostname, isIpv4, isIpv6, isRegex, isUri, isUuid } from "./formats.js";
export {
  bounded,
  equals,
  excerpt,
  failureText,
  has,
  hasRepetition,
  isMultiple,
  lengthOf,
  quote,
  typeName,
} from "./values.js";
