import { aggregate, createApp, groupByKey, hours, kafka, long, mapAsync, noHeaders, stream, string, to, topic, topology, toStream, tumbling, windowed, windowedBy, partitionForKey } from "@millrace/streams";
const brokers=[process.env.KB!]; const id='smoke'+Date.now();
const log=(l:string,m:string,f?:unknown)=>{ if(l!=='debug') console.log(l,m,JSON.stringify(f)) };
const tr=kafka({brokers});
await tr.connect();
await tr.createTopics([{topic:id+'-in',partitions:3,configs:{'retention.ms':'-1'}},{topic:id+'-out',partitions:3,configs:{'retention.ms':'-1'}}]);
const p=await tr.createProducer({transactionTimeoutMs:10000,compression:'none'});
await p.prepareTopics([id+'-in']);
for(let i=0;i<1000;i++){ const k=Buffer.from('k'+i%10); p.append(id+'-in',partitionForKey(k,3),k,Buffer.from('v'),i*10000,noHeaders) }
await p.flush(); await p.close();
const input=topic(id+'-in',{key:string(),value:string()}); const out=topic(id+'-out',{key:windowed(string(),hours(1)),value:long()});
const t=topology(id, stream(input).pipe(groupByKey(), windowedBy(tumbling(hours(1),{grace:0}),{emit:'both',closeOnIdle:1000}), aggregate({store:'c',value:long(),init:()=>0,add:a=>a+1}), toStream(), mapAsync(async n=>n,{concurrency:8}), to(out)));
const mk=()=>createApp(t,{transport:kafka({brokers}),log,sessionTimeoutMs:6000});
for(const round of [1,2]) {
const app=mk(); app.onState(s=>console.log('state',s)); await app.start();
await new Promise(r=>setTimeout(r,4000));
console.log(app.metrics, app.tasks, app.lag);
await app.stop(); console.log('stopped', app.state);
}
const f=tr.createFetcher({readCommitted:true,maxWaitMs:100,maxBytesPerPartition:1e6,maxBytes:1e7,maxBufferedBytesPerPartition:1e6,onAvailable:()=>{}});
for(let i=0;i<3;i++) f.add(id+'-out',i,0);
await new Promise(r=>setTimeout(r,1000)); let n=0,sum=new Map<string,number>();
for(let i=0;i<3;i++) for(let c=f.take(id+'-out',i);c;c=f.take(id+'-out',i)) while(c.records.advance()){ n++; const r=c.records; sum.set(r.buffer.toString('hex',r.keyStart,r.keyEnd), Number(r.buffer.readBigInt64BE(r.valueStart))) }
console.log('out records',n,'windows',sum.size,'total',[...sum.values()].reduce((a,b)=>a+b,0));
await f.close(); await tr.close();
