// The JSON of /page/api, as far as the page reads it.

export interface TextObject {
  type: string;
  text: string;
}

export interface Confirm {
  title: TextObject;
  text: TextObject;
  confirm: TextObject;
  deny: TextObject;
  style?: string;
}

export interface Option {
  text: TextObject;
  value: string;
  description?: TextObject;
  url?: string;
}

export interface Element {
  type: string;
  action_id?: string;
  text?: TextObject | string;
  value?: string;
  style?: string;
  url?: string;
  confirm?: Confirm;
  options?: Option[];
  option_groups?: { label: TextObject; options: Option[] }[];
  placeholder?: TextObject;
  initial_option?: Option;
  initial_options?: Option[];
  initial_value?: string;
  initial_date?: string;
  initial_time?: string;
  initial_user?: string;
  initial_channel?: string;
  initial_conversation?: string;
  initial_users?: string[];
  initial_channels?: string[];
  initial_conversations?: string[];
  multiline?: boolean;
  min_length?: number;
  max_length?: number;
  min_value?: string;
  max_value?: string;
  is_decimal_allowed?: boolean;
  accessibility_label?: string;
  image_url?: string;
  alt_text?: string;
}

export interface Block {
  type: string;
  block_id?: string;
  text?: TextObject;
  fields?: TextObject[];
  accessory?: Element;
  elements?: Element[];
  element?: Element;
  label?: TextObject;
  hint?: TextObject;
  optional?: boolean;
  dispatch_action?: boolean;
}

export interface View {
  id: string;
  title?: TextObject;
  submit?: TextObject | null;
  close?: TextObject | null;
  blocks: Block[];
  errors?: Record<string, string>;
  trouble?: string | null;
}

export interface Message {
  ts: string;
  user?: string | null;
  bot_id?: string | null;
  username?: string;
  text: string;
  blocks?: Block[];
  subtype?: string | null;
  thread_ts?: string | null;
  reply_count?: number;
  reply_users?: string[];
  latest_reply?: string;
  edited?: { ts: string } | null;
  ephemeral?: boolean;
  reactions?: { name: string; count?: number; users?: string[] }[];
  attachments?: { color?: string; blocks?: Block[]; text?: string; fallback?: string }[];
  files?: SharedFile[];
}

export interface SharedFile {
  id: string;
  name?: string;
  title?: string;
  alt_txt?: string;
  mimetype?: string;
  url_private?: string;
  permalink?: string;
}

export interface RegisteredModel {
  name: string;
  aliases: Record<string, string>;
  /** Newest first. */
  versions: { version: string; metrics: Record<string, string>; tags: Record<string, string> }[];
}

export interface CiStatus {
  repo: string;
  sha: string;
  subject: string;
  jobs: Pick<CheckRun, "name" | "status" | "conclusion">[];
}

export type Condition = "normal" | "drifting" | "worse" | "no_country";

/** A model that is watched in production. */
export interface Watched {
  model: string;
  /** Oldest first; `end` is when its data ended, `sent` when the bot was told. */
  windows: { number: number; condition: Condition; end: number; sent: string }[];
  alert: boolean;
}

export interface Channel {
  id: string;
  name: string;
  is_im?: boolean;
  topic?: { value?: string } | string;
  members?: string[];
  num_members?: number;
}

export interface User {
  id: string;
  name: string;
  real_name?: string;
  is_bot?: boolean;
  /** Deactivated. */
  deleted?: boolean;
  profile?: { display_name?: string; real_name?: string; bot_id?: string };
}

export interface Persona {
  user: string;
  login: string;
  name: string;
  role: string;
}

export interface Command {
  command: string;
  usage: string;
  description: string;
}

export interface Account {
  login: string;
  type?: string;
}

export interface Label {
  name: string;
  color?: string;
}

export interface Pull {
  number: number;
  title: string;
  state: string;
  merged?: boolean;
  merged_at?: string | null;
  draft?: boolean;
  body?: string | null;
  user: Account | null;
  labels: Label[];
  created_at: string;
  updated_at?: string;
  merge_commit_sha?: string | null;
  head: { ref: string; sha: string };
  base: { ref: string };
}

export interface Status {
  id: number;
  context: string;
  state: string;
  description?: string | null;
}

export interface CheckRun {
  id: number;
  name: string;
  status: string;
  conclusion?: string | null;
}

/** An account, or its login alone. */
export type Who = Account | string | null | undefined;

export interface Review {
  id: number;
  user: Who;
  state: string;
  body?: string | null;
  commit_id?: string | null;
  submitted_at?: string | null;
}

export interface TimelineEvent {
  event: string;
  actor?: Who;
  created_at?: string;
  sha?: string;
  message?: string;
  body?: string | null;
  state?: string;
  reviewer?: string;
  team?: string;
  label?: Label | string;
}

export interface PullPage {
  pull: Pull;
  diff: string;
  reviews: Review[];
  statuses: Status[];
  checks: CheckRun[];
  timeline: TimelineEvent[];
}

export interface Workload {
  model: string;
  environment: string;
  version?: string | null;
  revision?: string | null;
  health?: string | null;
  phase?: string | null;
  image?: string | null;
  uri?: string | null;
  message?: string | null;
  since?: string | number | null;
  /** The share of the requests that each version answers, in percent. */
  traffic?: Record<string, number>;
}

/** A version that does not come up. */
export interface Fault {
  model: string;
  version: string;
  message: string;
}

export interface State {
  viewer: string;
  channel: string | null;
  repo: string;
  personas: Persona[];
  commands: Command[];
  channels: Channel[];
  users: User[];
  groups: { id: string; handle: string }[];
  messages: Message[];
  thread: { ts: string; messages: Message[] } | null;
  views: View[];
  pulls: Pull[];
  cluster: Workload[];
  faults: Fault[];
  /** Logins of those who let the app act for them on the forge. */
  linked: string[];
  /** Whether anything was ever frozen. */
  frozen: boolean;
  models: RegisteredModel[];
  /** The CI of what trains a model, where there is one. */
  ci: CiStatus | null;
  /** Empty where nobody watches. */
  monitor: Watched[];
}

export interface Delivered {
  status?: number;
  body?: { response_action?: string; errors?: Record<string, string> } | string | null;
  error?: string | null;
}
