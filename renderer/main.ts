// The window's entry: connects the bridge, mounts the frame.
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { bridge, chooseTransport } from './bridge';
import './theme.css';

bridge.connect(chooseTransport());
createApp(App).use(createPinia()).mount('#app');
