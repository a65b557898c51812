import "./made/fonts.css";
import "./app.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { theme } from "./lib/theme.svelte";

theme.begin();
mount(App, { target: document.getElementById("app")! });
