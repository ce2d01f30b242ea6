import { startKafka, startRegistry } from "@millrace/devstack";
const t=Date.now();
const [k,r]=await Promise.all([startKafka({onProgress:console.log}), startRegistry({onProgress:console.log})]);
console.log(k,r,Date.now()-t);
if(process.argv[2]==='stay') await new Promise(()=>setInterval(()=>{},1000));
await Promise.all([k.stop(),r.stop()]); console.log('stopped');
