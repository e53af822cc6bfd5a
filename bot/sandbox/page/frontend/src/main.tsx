import { createRoot } from "react-dom/client";
import "slack-blocks-to-jsx/dist/style.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/slack.css";
import "./styles/composer.css";
import "./styles/blocks.css";
import "./styles/modal.css";
import "./styles/side.css";
import "./styles/pull.css";
import "./styles/markdown.css";
import "./styles/cluster.css";
import "./styles/diff.css";
import "./styles/training.css";
import "./styles/narrow.css";
import { App } from "./App";

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
