import { Component, type ReactNode } from "react";

interface Props {
  children: ReactNode;
  instead: ReactNode;
  /** A new value tries again. */
  of: unknown;
}

/** Keeps what cannot be drawn from taking the rest of the page along. */
export class Shield extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidUpdate(before: Props) {
    if (this.state.failed && before.of !== this.props.of) this.setState({ failed: false });
  }

  override render() {
    return this.state.failed ? this.props.instead : this.props.children;
  }
}
