export { apiIdOf, keyIdOf, resourceIdOf } from "../../runtime/host/stable-ids.js";
